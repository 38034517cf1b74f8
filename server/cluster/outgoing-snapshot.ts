import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { CHUNK_BYTES, type SnapshotDescription } from './snapshot-messages.ts';

/** Copies the store as it is after its last commit, and says which place that was. */
export type CopyStore = (file: string) => Promise<number>;

/** A copy of the store in a file that exists while another node reads it. */
export class OutgoingSnapshot {
  readonly id: string;
  readonly #file: string;
  readonly #made: Promise<FileHandle>;
  #description: SnapshotDescription | undefined;
  #hasFailed = false;

  constructor(id: string, file: string, copy: CopyStore) {
    this.id = id;
    this.#file = file;
    this.#made = this.#make(copy);
    this.#made.catch(() => {
      this.#hasFailed = true;
    });
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** `undefined` until the copy is made. */
  get description(): SnapshotDescription | undefined {
    return this.#description;
  }

  /** The bytes from an offset on, as many as go into a message; none at the end. */
  async read(offset: number): Promise<Uint8Array> {
    const handle = await this.#made;
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      offset,
    );
    return buffer.subarray(0, bytesRead);
  }

  /** Removes the file, as soon as nothing writes it. */
  async close(): Promise<void> {
    const handle = await this.#made.catch(() => undefined);
    await handle?.close();
    await rm(this.#file, { force: true });
  }

  async #make(copy: CopyStore): Promise<FileHandle> {
    await rm(this.#file, { force: true });
    const place = await copy(this.#file);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(this.#file)) hash.update(chunk);
    const { size } = await stat(this.#file);
    const handle = await open(this.#file);
    this.#description = { bytes: size, sha256: hash.digest('hex'), place };
    return handle;
  }
}
