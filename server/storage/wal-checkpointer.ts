const PAUSE_MS = 1_000;
/** The least time between truncations of the write-ahead log: a commit may have to wait for one. */
const CUT_MS = 5_000;

/** The thread that copies and truncates the write-ahead log. */
interface MaintenanceThread {
  checkpoint(): Promise<void>;
  /** False where it could not be truncated. */
  cutLog(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Keeps the write-ahead log short: copies what was committed into the database, in a thread of its
 * own, because that takes tenths of a second on a slow disk, and a commit would have to wait. Where
 * something was erased, the log is truncated as well, so that it is gone there, too.
 */
export class WalCheckpointer {
  readonly #thread: MaintenanceThread;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  /** Something was written since the log was last copied, or while it was. */
  #hasWritten = false;
  /** Something was erased that the write-ahead log may still have, even from before a crash. */
  #hasErased = true;
  #cutAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** @param now a monotonic clock, in milliseconds */
  constructor(thread: MaintenanceThread, now: () => number = () => performance.now()) {
    this.#thread = thread;
    this.#now = now;
    // What a crash left in the write-ahead log is copied, too.
    this.schedule(false);
  }

  /** Something was written: plans a checkpoint, if none is planned yet. */
  schedule(isErasing: boolean): void {
    this.#hasWritten = true;
    this.#hasErased ||= isErasing;
    this.#schedule(PAUSE_MS);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    return this.#thread.close();
  }

  #schedule(ms: number): void {
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#checkpoint(), ms);
  }

  async #checkpoint(): Promise<void> {
    const mayCut = this.#now() - this.#cutAt >= CUT_MS;
    const cuts = this.#hasErased && mayCut;
    // What is erased from now on may come after the truncation.
    if (cuts) this.#hasErased = false;
    this.#hasWritten = false;
    // A full disk fails here as well; the next commit reports it to its callers.
    const isDone = await this.#thread[cuts ? 'cutLog' : 'checkpoint']().catch(() => false);
    this.#timer = undefined;
    if (cuts) this.#cutAt = this.#now();
    if (cuts && isDone === false) this.#hasErased = true;
    if (this.#hasWritten) this.#schedule(PAUSE_MS);
    else if (this.#hasErased) {
      this.#schedule(Math.max(PAUSE_MS, CUT_MS + this.#cutAt - this.#now()));
    }
  }
}
