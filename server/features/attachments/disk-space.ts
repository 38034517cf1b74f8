import { statfs } from 'node:fs/promises';
import { ChatError } from '../../core/errors.ts';

export const MIB = 1024 * 1024;
/** Disk space that uploads leave free for messages. */
export const RESERVE_BYTES = 256 * MIB;

/** Space reserved for one upload until it is written or aborted. */
export interface Hold {
  /** This many bytes are on the disk now. */
  wrote(bytes: number): void;
  /** Releases what was not written. */
  release(): void;
}

/**
 * Shares the free space of a disk among the uploads in progress: however many there are, together
 * they leave the reserve free.
 */
export class DiskSpace {
  readonly #path: string;
  /** Bytes that the uploads in progress may still write. */
  #held = 0;
  /** Bytes that they have written since the start. */
  #written = 0;

  /** @param path a directory on the disk */
  constructor(path: string) {
    this.#path = path;
  }

  /** Reserves space for an upload of this size. @throws ChatError if there isn't enough */
  async hold(bytes: number): Promise<Hold> {
    const before = this.#written;
    const { bavail, bsize } = await statfs(this.#path);
    // The system's answer may be from before these bytes were written.
    const writtenMeanwhile = this.#written - before;
    const free = bavail * bsize - writtenMeanwhile - this.#held;
    if (free < RESERVE_BYTES + bytes) throw new ChatError('storage-full');
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
