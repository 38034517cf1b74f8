import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Refusal } from '../errors.ts';
import type { FileSpec, Who } from '../event.ts';
import type { Log } from '../log/log.ts';
import type { Folder } from '../store/folder.ts';
import type { Store } from '../store/store.ts';
import type { Timing } from '../timing.ts';
import { readFileName, renamed } from './name.ts';
import { Pictures } from './pictures.ts';
import { SNIFFED_BYTES, sniff } from './sniff.ts';

export const MIB = 1024 * 1024;
/** Files that are taken at once, in all and from one address; more are refused. */
const MOST_AT_ONCE = { inAll: 100, fromOne: 50 } as const;
/** What uploads leave free on the disk, so that there is room for what is said. */
const RESERVE_BYTES = 256 * MIB;
/** How often it is looked for files that no message carries, in parts of their time. */
const LOOKS = 6;
const ID = /^[\da-f]{32}$/;
/** What is in the folder: files, those that are coming, and small pictures. */
const OURS = /^[\da-f]{32}(\.part|\.preview)?$/;
/** Errors by which a system says that there is no room, for the file or for its writer. */
const NO_ROOM = /^(ENOSPC|EDQUOT|EFBIG)$/;

interface Parts {
  readonly folder: Folder;
  readonly log: Log;
  readonly store: Store;
  readonly maxMib: number;
  readonly timing: Pick<Timing, 'unusedMs'>;
}

export interface Upload {
  readonly room: string;
  readonly who: Who;
  readonly name: string;
}

/** A file to be read, and what it is. */
export interface OpenFile {
  readonly file: FileSpec;
  readonly handle: FileHandle;
}

/**
 * The files of the rooms, on the disk under their ids. A file is there before anybody hears of it,
 * and leaves when the store says that it is nobody's: what a crash leaves behind goes at the start.
 */
export class Files {
  /** The largest that is taken; 0 where none is. */
  readonly maxMib: number;
  readonly #log: Log;
  readonly #store: Store;
  readonly #path: string;
  readonly #unusedMs: number;
  readonly #pictures = new Pictures();
  /** Those on their way, and the addresses they come from. */
  readonly #taking = new Map<Promise<unknown>, string>();
  readonly #timer: NodeJS.Timeout;

  private constructor({ folder, log, store, maxMib, timing }: Parts) {
    this.maxMib = maxMib;
    this.#log = log;
    this.#store = store;
    this.#unusedMs = timing.unusedMs;
    this.#path = folder.inner('files');
    this.#timer = setInterval(
      () => void this.#giveUp().catch(() => undefined),
      timing.unusedMs / LOOKS,
    );
    log.tail((batch) => {
      for (const id of batch.flatMap(({ freed = [] }) => freed)) void this.#remove(id);
    });
  }

  static async open(parts: Parts): Promise<Files> {
    const files = new Files(parts);
    await files.#sweep();
    await files.#giveUp();
    return files;
  }

  /** @throws Refusal where so much is not taken */
  check(bytes: number): void {
    if (this.maxMib === 0) throw new Refusal('no-uploads');
    if (bytes > this.maxMib * MIB) throw new Refusal('file-too-large', { max: this.maxMib });
  }

  /** Takes a file in. @throws Refusal, and nothing is left of it */
  async take(body: Readable, upload: Upload): Promise<FileSpec> {
    this.check(0);
    const { address } = upload.who;
    const ofOne = [...this.#taking.values()].filter((from) => from === address).length;
    const isTooMuch = this.#taking.size >= MOST_AT_ONCE.inAll || ofOne >= MOST_AT_ONCE.fromOne;
    if (isTooMuch) throw new Refusal('busy');
    const taking = this.#take(body, upload);
    this.#taking.set(taking, address);
    try {
      return await taking;
    } catch (error) {
      throw inOurWords(error);
    } finally {
      this.#taking.delete(taking);
    }
  }

  /** Opens a file of a room; with `isPreview` the small one of a picture. */
  async open(room: string, id: string, isPreview: boolean): Promise<OpenFile> {
    const file = ID.test(id) ? await this.#store.file(room, id) : undefined;
    if (!file) throw new Refusal('no-such-file');
    const small = isPreview && file.picture?.preview;
    try {
      return { file, handle: await open(this.#at(small ? `${id}.preview` : id)) };
    } catch {
      // It was taken away in this moment.
      throw new Refusal('no-such-file');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pictures.close();
    await Promise.allSettled(this.#taking.keys());
  }

  async #take(body: Readable, { room, who, name }: Upload): Promise<FileSpec> {
    const id = randomBytes(16).toString('hex');
    const draft = this.#at(`${id}.part`);
    try {
      await this.#seeRoom();
      const { size, start } = await this.#save(body, draft);
      if (size === 0) throw new Refusal('empty-file');
      const file = await this.#keep(id, readFileName(name), size, start);
      await this.#log.append({ kind: 'uploaded', room, who, file, at: Date.now() });
      return file;
    } catch (error) {
      await this.#remove(id);
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Writes what comes, as far as it may. Gives how much it was, and its first bytes. */
  async #save(body: Readable, path: string): Promise<{ size: number; start: Buffer }> {
    const handle = await open(path, 'wx', 0o600);
    let size = 0;
    let start: Buffer = Buffer.alloc(0);
    const counted = async function* (this: Files) {
      // The request goes on: what is wrong with it is still to be answered.
      for await (const chunk of body.iterator({ destroyOnReturn: false })) {
        size += chunk.length;
        this.check(size);
        if (start.length < SNIFFED_BYTES) start = Buffer.concat([start, chunk]);
        yield chunk;
      }
    };
    try {
      await handle.writeFile(counted.call(this));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { size, start };
  }

  /** Keeps what was written: a picture as it is made anew, anything else as it is. */
  async #keep(id: string, name: string, size: number, start: Buffer): Promise<FileSpec> {
    const kind = sniff(start);
    const draft = this.#at(`${id}.part`);
    if (kind === 'unclean') throw new Refusal('unclean-picture');
    if (kind === undefined) {
      await rename(draft, this.#at(id));
      return { id, name, size, picture: null };
    }
    const { picture, bytes, preview } = await this.#pictures.clean(draft, kind);
    await writeFile(this.#at(id), bytes, { mode: 0o600, flush: true });
    if (preview) await writeFile(this.#at(`${id}.preview`), preview, { mode: 0o600 });
    return { id, name: renamed(name, picture.type), size: bytes.length, picture };
  }

  /** A disk that fills up is to be full of what is said, not of files. */
  async #seeRoom(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#path);
    if (bavail * bsize < RESERVE_BYTES + this.maxMib * MIB) throw new Refusal('no-space');
  }

  /** Removes what a crash has left behind: half a file, and one that no log tells of. */
  async #sweep(): Promise<void> {
    const files = (await readdir(this.#path)).filter((file) => OURS.test(file));
    const idOf = (file: string) => file.slice(0, 32);
    const unknown = new Set(await this.#store.unknownFiles(files.map(idOf)));
    for (const file of files) {
      if (unknown.has(idOf(file))) await rm(this.#at(file), { force: true });
    }
  }

  /** Gives up the files that nobody has sent in all their time. */
  async #giveUp(): Promise<void> {
    const at = Date.now();
    const unused = () => this.#store.unusedFiles(at - this.#unusedMs);
    try {
      for (let files = await unused(); files.length > 0; files = await unused()) {
        await this.#log.append({ kind: 'dropped', files, at });
      }
    } catch (error) {
      // What cannot be written now is written at the next look.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  async #remove(id: string): Promise<void> {
    for (const file of [id, `${id}.preview`]) {
      // What cannot be removed now is removed at the next start.
      await rm(this.#at(file), { force: true }).catch(() => undefined);
    }
  }

  #at(file: string): string {
    return join(this.#path, file);
  }
}

/** What went wrong with an upload: a line that broke off, or a full disk, is no mistake of ours. */
function inOurWords(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof Refusal) return error;
  if (NO_ROOM.test(code)) return new Refusal('no-space');
  return /^(ECONN|ERR_STREAM)/.test(code) ? new Refusal('bad-request') : error;
}
