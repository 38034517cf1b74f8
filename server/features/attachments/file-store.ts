import { type FileHandle, open } from 'node:fs/promises';
import { ChatError } from '../../core/errors.ts';
import type { SharedFiles } from '../../core/shared-files.ts';
import type { OperatorLog } from '../../operator-log.ts';
import type { Timeouts } from '../../timeouts.ts';
import type { ChatChange, ChatLog } from '../change.ts';
import type { Store } from '../store.ts';
import type { Attachment } from './attachment.ts';
import { DiskSpace, MIB } from './disk-space.ts';
import { FileFolder, namesOf } from './file-folder.ts';
import { SharedCopies } from './shared-copies.ts';
import { UnknownFiles } from './unknown-files.ts';
import { isOutOfDescriptors, UploadMonitor } from './upload-monitor.ts';
import { Uploads } from './uploads.ts';

/** How often unattached files are looked for within the time after which they expire. */
const CHECKS_PER_TTL = 6;
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
  readonly store: Store;
  readonly operatorLog: OperatorLog;
  readonly maxMib: number;
  readonly timing: Pick<Timeouts, 'unattachedFileTtlMs' | 'imageTimeoutMs' | 'imageQueueTimeoutMs'>;
}

/** An open file, its metadata, and its size in bytes. */
interface OpenFile {
  readonly file: Attachment;
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * The files of the rooms, on the disk under their ids. A file is removed once the store says that
 * nothing refers to it.
 */
export class FileStore {
  readonly uploads: Uploads;
  readonly #log: ChatLog;
  readonly #store: Store;
  readonly #operatorLog: OperatorLog;
  readonly #folder: FileFolder;
  readonly #unattachedTtlMs: number;
  readonly #unknown: UnknownFiles;
  readonly #monitor: UploadMonitor;
  readonly #copies: SharedCopies | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ path, shared, isLevel, log, store, operatorLog, maxMib, timing }: Parts) {
    this.#log = log;
    this.#store = store;
    this.#operatorLog = operatorLog;
    this.#unattachedTtlMs = timing.unattachedFileTtlMs;
    const folder = new FileFolder(path, operatorLog);
    const monitor = new UploadMonitor(operatorLog);
    this.#folder = folder;
    this.#monitor = monitor;
    const space = new DiskSpace(path);
    const unknownIds = (ids: readonly string[]) => store.queries.unknownFiles(ids);
    this.#copies = shared && new SharedCopies({ shared, folder, space, unknownIds, isLevel });
    const parts = { folder, space, copies: this.#copies, log, operatorLog, monitor };
    this.uploads = new Uploads({ ...parts, maxMib, timing });
    this.#unknown = new UnknownFiles({ folder: path, unknownIds, operatorLog });
  }

  /** Cleans up what a crash has left, and expires files from now on. Uploads come after it. */
  async start(): Promise<void> {
    await this.#folder.open();
    await this.#unknown.sort();
    await this.#cleanUp();
    this.#timer = setInterval(
      () => void this.#cleanUp().catch(() => undefined),
      this.#unattachedTtlMs / CHECKS_PER_TTL,
    );
  }

  /** Removes the files that a commit has freed. */
  apply(batch: readonly ChatChange[]): void {
    for (const id of batch.flatMap(({ freed = [] }) => freed)) {
      void this.#folder.remove(id);
      void this.#copies?.remove(namesOf(id));
    }
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
    clearInterval(this.#timer);
    await this.uploads.close();
    await this.#copies?.close();
    await this.#folder.close();
  }

  /** Opens a file, which another node may have. */
  async #openCopy(room: string, name: string, bytes: number): Promise<FileHandle> {
    const path = this.#folder.file(name);
    try {
      return await open(path);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || !(await this.#copies?.fetch(name, bytes, room))) throw error;
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

  /** Expires the files that were never attached, and those moved aside long ago. */
  async #cleanUp(): Promise<void> {
    const at = Date.now();
    const unused = () => this.#store.queries.unusedFiles(at - this.#unattachedTtlMs);
    try {
      for (let files = await unused(); files.length > 0; files = await unused()) {
        await this.#log.append({ kind: 'uploads-expired', files });
      }
    } catch (error) {
      // What can't be written now is written at the next check.
      if (!(error instanceof ChatError)) throw error;
    }
    await this.#unknown.expire();
    void this.#copies?.compare();
  }
}
