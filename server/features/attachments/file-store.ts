import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Actor } from '../../core/actor.ts';
import { ChatError } from '../../core/errors.ts';
import type { OperatorLog } from '../../operator-log.ts';
import type { Timeouts } from '../../timeouts.ts';
import type { ChatChange, ChatLog } from '../change.ts';
import type { Store } from '../store.ts';
import type { Attachment } from './attachment.ts';
import { DiskSpace } from './disk-space.ts';
import { sanitizeFileName, withExtension } from './file-name.ts';
import { type ImageClient, ImageSanitizer, MAX_IMAGE_CPU_MS } from './images/image-sanitizer.ts';
import { type Received, receive } from './receive-file.ts';
import { sniff } from './sniff.ts';
import { UnknownFiles } from './unknown-files.ts';
import { isOutOfDescriptors, UploadMonitor } from './upload-monitor.ts';

export const MIB = 1024 * 1024;
/** Uploads in progress, in total and per address, including those that wait for their image. */
const MAX_UPLOADS = { inAll: 200, fromOne: 50 } as const;
/** How often unattached files are looked for within the time after which they expire. */
const CHECKS_PER_TTL = 6;
const ID = /^[\da-f]{32}$/;
/** An upload in progress; after a crash it belongs to nothing. */
const DRAFT = /^[\da-f]{32}(\.clean|\.preview)?\.part$/;

interface Parts {
  /** The directory of the files. */
  readonly path: string;
  readonly log: ChatLog;
  readonly store: Store;
  readonly operatorLog: OperatorLog;
  readonly maxMib: number;
  readonly timing: Pick<Timeouts, 'unattachedFileTtlMs' | 'imageTimeoutMs' | 'imageQueueTimeoutMs'>;
}

interface Upload {
  readonly room: string;
  readonly who: Actor;
  readonly name: string;
  /** The maximum number of bytes, if known. */
  readonly bytes?: number | undefined;
  /** Aborted, with a ChatError, when the client no longer waits for the response. */
  readonly signal: AbortSignal;
}

/** An open file, its metadata, and its size in bytes. */
interface OpenFile {
  readonly file: Attachment;
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * The files of the rooms, on the disk under their ids. A file is stored before anybody knows of it,
 * and is removed once the store says that nothing refers to it.
 */
export class FileStore {
  /** The maximum size of a file; 0 if uploads are off. */
  readonly maxMib: number;
  readonly #log: ChatLog;
  readonly #store: Store;
  readonly #operatorLog: OperatorLog;
  readonly #path: string;
  readonly #unattachedTtlMs: number;
  readonly #space: DiskSpace;
  readonly #images: ImageSanitizer;
  readonly #unknown: UnknownFiles;
  readonly #monitor: UploadMonitor;
  /** The uploads in progress, and the addresses they come from. */
  readonly #uploads = new Map<Promise<unknown>, string>();
  #directory: FileHandle | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ path, log, store, operatorLog, maxMib, timing }: Parts) {
    this.maxMib = maxMib;
    this.#log = log;
    this.#store = store;
    this.#operatorLog = operatorLog;
    this.#unattachedTtlMs = timing.unattachedFileTtlMs;
    this.#path = path;
    this.#space = new DiskSpace(this.#path);
    this.#images = new ImageSanitizer(this.#space, operatorLog, {
      maxCpuMs: MAX_IMAGE_CPU_MS,
      maxMs: timing.imageTimeoutMs,
      maxWaitMs: timing.imageQueueTimeoutMs,
    });
    this.#unknown = new UnknownFiles({
      folder: this.#path,
      unknownIds: (ids) => store.queries.unknownFiles(ids),
      operatorLog,
    });
    this.#monitor = new UploadMonitor(operatorLog);
  }

  /** Cleans up what a crash has left, and expires files from now on. Uploads come after it. */
  async start(): Promise<void> {
    await this.#removeDrafts();
    await this.#unknown.sort();
    // Windows opens no directories, and doesn't need to.
    this.#directory = await open(this.#path).catch(() => undefined);
    await this.#cleanUp();
    this.#timer = setInterval(
      () => void this.#cleanUp().catch(() => undefined),
      this.#unattachedTtlMs / CHECKS_PER_TTL,
    );
  }

  /** Removes the files that a commit has freed. */
  apply(batch: readonly ChatChange[]): void {
    for (const id of batch.flatMap(({ freed = [] }) => freed)) void this.#remove(id);
  }

  /** @throws ChatError if a file of this size isn't accepted */
  assertSize(bytes: number): void {
    if (this.maxMib === 0) throw new ChatError('uploads-disabled');
    if (bytes > this.maxMib * MIB) throw new ChatError('file-too-large', { max: this.maxMib });
  }

  /** Stores a file. @throws ChatError, and then nothing of it is left */
  async accept(body: Readable, upload: Upload): Promise<Attachment> {
    this.assertSize(0);
    const { address } = upload.who;
    const ofOne = [...this.#uploads.values()].filter((from) => from === address).length;
    const isTooMuch = this.#uploads.size >= MAX_UPLOADS.inAll || ofOne >= MAX_UPLOADS.fromOne;
    if (isTooMuch) throw new ChatError('overloaded');
    const stored = this.#monitor.begin();
    const taking = this.#take(body, upload);
    this.#uploads.set(taking, address);
    try {
      const file = await taking;
      stored();
      return file;
    } catch (error) {
      throw this.#monitor.failed(error);
    } finally {
      this.#uploads.delete(taking);
    }
  }

  /** Opens a file of a room, or with `isPreview` the preview of an image. @throws ChatError */
  async open(room: string, id: string, isPreview: boolean): Promise<OpenFile> {
    const file = ID.test(id) ? await this.#store.queries.file(room, id) : undefined;
    if (!file) throw new ChatError('no-such-file');
    const small = isPreview && file.picture?.preview;
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.#at(small ? `${id}.preview` : id));
      return { file, handle, size: (await handle.stat()).size };
    } catch (error) {
      await handle?.close();
      throw await this.#unreadable(room, id, error);
    }
  }

  /** Cancels the images that wait or are processed; resolves when no upload is in progress. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#images.close();
    await Promise.allSettled(this.#uploads.keys());
    await this.#directory?.close();
  }

  async #take(body: Readable, { room, who, name, bytes, signal }: Upload): Promise<Attachment> {
    const id = randomBytes(16).toString('hex');
    const drafts = this.#draftsOf(id);
    const max = this.maxMib * MIB;
    const hold = await this.#space.hold(Math.min(bytes ?? max, max));
    try {
      const check = (size: number) => this.assertSize(size);
      const received = await receive(body, drafts.source, { hold, check });
      hold.release();
      if (received.size === 0) throw new ChatError('empty-file');
      const client = { address: who.address, signal };
      const file = await this.#keep(id, sanitizeFileName(name), received, client);
      await this.#directory?.sync();
      await this.#log.append({ kind: 'file-uploaded', room, who, file, at: Date.now() });
      return file;
    } catch (error) {
      await this.#remove(id);
      throw error;
    } finally {
      hold.release();
      for (const draft of Object.values(drafts)) await rm(draft, { force: true });
    }
  }

  /** Stores an upload: an image re-encoded, any other file unchanged. */
  async #keep(
    id: string,
    name: string,
    { size, start }: Received,
    client: ImageClient,
  ): Promise<Attachment> {
    const kind = sniff(start);
    if (kind === 'unclean') throw new ChatError('unsupported-image');
    const drafts = this.#draftsOf(id);
    if (kind === undefined) {
      await rename(drafts.source, this.#at(id));
      return { id, name, size, picture: null };
    }
    const image = await this.#images.sanitize({ kind, ...drafts }, client);
    await rename(drafts.target, this.#at(id));
    if (image.picture.preview) await rename(drafts.preview, this.#at(`${id}.preview`));
    return { id, name: withExtension(name, image.picture.type), ...image };
  }

  /** The error for a file that can't be opened: it may have been deleted just now. */
  async #unreadable(room: string, id: string, error: unknown): Promise<unknown> {
    if (isOutOfDescriptors(error)) return this.#monitor.failed(error);
    if (!(await this.#store.queries.file(room, id))) return new ChatError('no-such-file');
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    this.#operatorLog.report(isMissing ? 'file-missing' : 'file-unreadable', {
      reason: String(error),
    });
    return new ChatError(isMissing ? 'no-such-file' : 'internal-error');
  }

  /** Removes what a crash has left of uploads in progress. */
  async #removeDrafts(): Promise<void> {
    const drafts = (await readdir(this.#path)).filter((name) => DRAFT.test(name));
    for (const draft of drafts) await rm(this.#at(draft), { force: true });
  }

  /** Expires the files that were never attached, and those moved aside long ago. */
  async #cleanUp(): Promise<void> {
    const at = Date.now();
    const unused = () => this.#store.queries.unusedFiles(at - this.#unattachedTtlMs);
    try {
      for (let files = await unused(); files.length > 0; files = await unused()) {
        await this.#log.append({ kind: 'uploads-expired', files, at });
      }
    } catch (error) {
      // What can't be written now is written at the next check.
      if (!(error instanceof ChatError)) throw error;
    }
    await this.#unknown.expire();
  }

  async #remove(id: string): Promise<void> {
    for (const file of [id, `${id}.preview`]) {
      try {
        await rm(this.#at(file), { force: true });
      } catch (error) {
        // It is moved aside at the next start.
        this.#operatorLog.report('file-not-removed', { reason: String(error) });
      }
    }
  }

  /** The paths of an upload in progress. */
  #draftsOf(id: string) {
    return {
      source: this.#at(`${id}.part`),
      target: this.#at(`${id}.clean.part`),
      preview: this.#at(`${id}.preview.part`),
    };
  }

  #at(file: string): string {
    return join(this.#path, file);
  }
}
