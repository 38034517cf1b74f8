import { statfs } from 'node:fs/promises';
import { ChatError } from '../../core/errors.ts';

const MIB = 1024 * 1024;
/** What uploads leave free on the disk, so that there is room for messages. */
export const RESERVE_BYTES = 256 * MIB;

/** Space that is kept for one upload until it is written or given up. */
export interface Hold {
  /** So many bytes are on the disk now. */
  wrote(bytes: number): void;
  /** Gives back what was not written. */
  release(): void;
}

/**
 * Divides the free space of a disk among the uploads under way: however many there are, together they
 * do not go below the reserve.
 */
export class DiskSpace {
  readonly #path: string;
  /** Bytes that may still be written by the uploads under way. */
  #held = 0;
  /** Bytes that they have written since the start. */
  #written = 0;

  /** @param path a folder on the disk */
  constructor(path: string) {
    this.#path = path;
  }

  /** Keeps space for an upload of at most so many bytes. @throws ChatError where there is too little */
  async hold(bytes: number): Promise<Hold> {
    const before = this.#written;
    const { bavail, bsize } = await statfs(this.#path);
    // The system may have answered before this was written.
    const writtenMeanwhile = this.#written - before;
    const free = bavail * bsize - writtenMeanwhile - this.#held;
    if (free < RESERVE_BYTES + bytes) throw new ChatError('no-space');
    this.#held += bytes;
    let left = bytes;
    const settle = (settled: number) => {
      this.#held -= settled;
      left -= settled;
    };
    return {
      wrote: (count) => {
        this.#written += count;
        settle(Math.min(count, left));
      },
      release: () => settle(left),
    };
  }
}
