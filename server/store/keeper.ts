import type { LateThread } from './late-thread.ts';

const PAUSE_MS = 1_000;

/**
 * Keeps the write-ahead log short: copies what was committed into the database, from a thread of its
 * own, for that takes tenths of a second on a slow disk, and a commit would have to wait for it.
 */
export class Keeper {
  readonly #thread: LateThread;
  #timer: NodeJS.Timeout | undefined;

  constructor(thread: LateThread) {
    this.#thread = thread;
    // What a crash left in the write-ahead log is copied, too.
    this.note();
  }

  /** Something was written: sees to it after a while, if that is not planned already. */
  note(): void {
    this.#timer ??= setTimeout(() => this.#copy(), PAUSE_MS);
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#thread.close();
  }

  async #copy(): Promise<void> {
    // A full disk fails here as well; the next commit says so to those it concerns.
    await this.#thread.ask('checkpoint').catch(() => undefined);
    this.#timer = undefined;
  }
}
