import { type FileHandle, open } from 'node:fs/promises';
import { ChatError } from '../../core/errors.ts';
import type { SharedFiles } from '../../core/shared-files.ts';
import type { OperatorLog } from '../../operator-log.ts';
import type { Timeouts } from '../../timeouts.ts';
import type { ChatLog } from '../change.ts';
import type { StoreReader } from '../store.ts';
import type { Attachment } from './attachment.ts';
import { DiskSpace, MIB } from './disk-space.ts';
import { FileFolder, namesOf } from './file-folder.ts';
import { SharedCopies } from './shared-copies.ts';
import { isOutOfDescriptors, UploadMonitor } from './upload-monitor.ts';
import { Uploads } from './uploads.ts';

/** Disk space that is held for a preview. */
const PREVIEW_BYTES = MIB;
const ID = /^[\da-f]{32}$/;

interface Parts {
  /** The directory of the files. */
  readonly path: string;
  /** @default the server is alone */
  readonly shared?: SharedFiles | undefined;
  /** Whether this node of a cluster has applied all that the others have. */
  readonly isLevel: () => boolean;
  readonly log: ChatLog;
  readonly store: Pick<StoreReader, 'queries'>;
  readonly operatorLog: OperatorLog;
  readonly maxMib: number;
  readonly timing: Pick<Timeouts, 'imageTimeoutMs' | 'imageQueueTimeoutMs'>;
}

/** An open file, its metadata, and its size in bytes. */
interface OpenFile {
  readonly file: Attachment;
  readonly handle: FileHandle;
  readonly size: number;
}

/** The files of the rooms, on the disk under their ids: takes them from clients, and opens them. */
export class FileStore {
  readonly uploads: Uploads;
  readonly folder: FileFolder;
  /** What it shares with the other nodes of a cluster, if there is one. */
  readonly copies: SharedCopies | undefined;
  readonly #store: Pick<StoreReader, 'queries'>;
  readonly #operatorLog: OperatorLog;
  readonly #monitor: UploadMonitor;

  constructor({ path, shared, isLevel, log, store, operatorLog, maxMib, timing }: Parts) {
    this.#store = store;
    this.#operatorLog = operatorLog;
    const folder = new FileFolder(path, operatorLog);
    const monitor = new UploadMonitor(operatorLog);
    this.folder = folder;
    this.#monitor = monitor;
    const space = new DiskSpace(path);
    const unknownIds = (ids: readonly string[]) => store.queries.unknownFiles(ids);
    this.copies = shared && new SharedCopies({ shared, folder, space, unknownIds, isLevel });
    const parts = { folder, space, copies: this.copies, log, operatorLog, monitor };
    this.uploads = new Uploads({ ...parts, maxMib, timing });
  }

  /** Uploads come after it. */
  start(): Promise<void> {
    return this.folder.open();
  }

  /** Opens a file of a room, or with `isPreview` the preview of an image. @throws ChatError */
  async open(room: string, id: string, isPreview: boolean): Promise<OpenFile> {
    const file = ID.test(id) ? await this.#store.queries.file(room, id) : undefined;
    if (!file) throw new ChatError('no-such-file');
    const small = isPreview && file.picture?.preview;
    let handle: FileHandle | undefined;
    try {
      handle = await this.#openCopy(
        room,
        small ? namesOf(id)[1] : id,
        small ? PREVIEW_BYTES : file.size,
      );
      return { file, handle, size: (await handle.stat()).size };
    } catch (error) {
      await handle?.close();
      throw await this.#unreadable(room, id, error);
    }
  }

  /** Cancels the images that wait or are processed; resolves when no upload is in progress. */
  async close(): Promise<void> {
    await this.uploads.close();
    await this.copies?.close();
    await this.folder.close();
  }

  /** Opens a file, which another node may have. */
  async #openCopy(room: string, name: string, bytes: number): Promise<FileHandle> {
    const path = this.folder.file(name);
    try {
      return await open(path);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || !(await this.copies?.fetch(name, bytes, room))) throw error;
      return open(path);
    }
  }

  /** The error for a file that can't be opened: it may have been deleted just now. */
  async #unreadable(room: string, id: string, error: unknown): Promise<unknown> {
    if (error instanceof ChatError) return error;
    if (isOutOfDescriptors(error)) return this.#monitor.failed(error);
    if (!(await this.#store.queries.file(room, id))) return new ChatError('no-such-file');
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    this.#operatorLog.report(isMissing ? 'file-missing' : 'file-unreadable', {
      reason: String(error),
    });
    return new ChatError(isMissing ? 'no-such-file' : 'internal-error');
  }
}
