import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Actor } from '../../core/actor.ts';
import { ChatError } from '../../core/errors.ts';
import type { OperatorLog } from '../../operator-log.ts';
import type { Timeouts } from '../../timeouts.ts';
import type { ChatLog } from '../change.ts';
import type { Attachment } from './attachment.ts';
import { type DiskSpace, MIB } from './disk-space.ts';
import { type FileFolder, namesOf } from './file-folder.ts';
import { sanitizeFileName, withExtension } from './file-name.ts';
import { type ImageClient, ImageSanitizer, MAX_IMAGE_CPU_MS } from './images/image-sanitizer.ts';
import { type Received, receive } from './receive-file.ts';
import type { SharedCopies } from './shared-copies.ts';
import { sniff } from './sniff.ts';
import type { UploadMonitor } from './upload-monitor.ts';

/** Uploads in progress, in total and per address, including those that wait for their image. */
const MAX_UPLOADS = { inAll: 200, fromOne: 50 } as const;

interface Parts {
  readonly folder: FileFolder;
  readonly space: DiskSpace;
  /** Where a server is alone, there are none. */
  readonly copies: SharedCopies | undefined;
  readonly log: ChatLog;
  readonly operatorLog: OperatorLog;
  readonly monitor: UploadMonitor;
  /** The maximum size of a file; 0 if uploads are off. */
  readonly maxMib: number;
  readonly timing: Pick<Timeouts, 'imageTimeoutMs' | 'imageQueueTimeoutMs'>;
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

/** Stores the files that clients upload: completely on the disk before anybody knows of them. */
export class Uploads {
  readonly #folder: FileFolder;
  readonly #log: ChatLog;
  readonly #monitor: UploadMonitor;
  readonly #maxMib: number;
  readonly #space: DiskSpace;
  readonly #copies: SharedCopies | undefined;
  readonly #images: ImageSanitizer;
  /** The uploads in progress, and the addresses they come from. */
  readonly #uploads = new Map<Promise<unknown>, string>();

  constructor({ folder, space, copies, log, operatorLog, monitor, maxMib, timing }: Parts) {
    this.#folder = folder;
    this.#log = log;
    this.#monitor = monitor;
    this.#maxMib = maxMib;
    this.#space = space;
    this.#copies = copies;
    this.#images = new ImageSanitizer(this.#space, operatorLog, {
      maxCpuMs: MAX_IMAGE_CPU_MS,
      maxMs: timing.imageTimeoutMs,
      maxWaitMs: timing.imageQueueTimeoutMs,
    });
  }

  /** @throws ChatError if a file of this size isn't accepted */
  assertSize(bytes: number): void {
    if (this.#maxMib === 0) throw new ChatError('uploads-disabled');
    if (bytes > this.#maxMib * MIB) throw new ChatError('file-too-large', { max: this.#maxMib });
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

  /** Cancels the images that wait or are processed; resolves when no upload is in progress. */
  async close(): Promise<void> {
    this.#images.close();
    await Promise.allSettled(this.#uploads.keys());
  }

  async #take(body: Readable, { room, who, name, bytes, signal }: Upload): Promise<Attachment> {
    const id = randomBytes(16).toString('hex');
    const drafts = this.#folder.draftsOf(id);
    const max = this.#maxMib * MIB;
    const hold = await this.#space.hold(Math.min(bytes ?? max, max));
    try {
      const check = (size: number) => this.assertSize(size);
      const received = await receive(body, drafts.source, { hold, check });
      hold.release();
      if (received.size === 0) throw new ChatError('empty-file');
      const client = { address: who.address, signal };
      const file = await this.#store(id, sanitizeFileName(name), received, client);
      await this.#folder.sync();
      const [, preview] = namesOf(id);
      const names = file.picture?.preview ? [id, preview] : [id];
      await this.#copies?.share(names, who.address, signal);
      await this.#log.append({ kind: 'file-uploaded', room, who, file });
      return file;
    } catch (error) {
      // What is not confirmed may still be in the log: then the file has to be there.
      const isKept = error instanceof ChatError && error.code === 'unconfirmed';
      if (!isKept) await this.#folder.remove(id);
      throw error;
    } finally {
      hold.release();
      for (const draft of Object.values(drafts)) await rm(draft, { force: true });
    }
  }

  /** Stores an upload: an image re-encoded, any other file unchanged. */
  async #store(
    id: string,
    name: string,
    { size, start }: Received,
    client: ImageClient,
  ): Promise<Attachment> {
    const kind = sniff(start);
    if (kind === 'unclean') throw new ChatError('unsupported-image');
    const drafts = this.#folder.draftsOf(id);
    if (kind === undefined) {
      await rename(drafts.source, this.#folder.file(id));
      return { id, name, size, picture: null };
    }
    const image = await this.#images.sanitize({ kind, ...drafts }, client);
    await rename(drafts.target, this.#folder.file(id));
    if (image.picture.preview) await rename(drafts.preview, this.#folder.preview(id));
    return { id, name: withExtension(name, image.picture.type), ...image };
  }
}
