import type { Compaction } from './compaction.ts';
import type { CompactionSignals } from './compaction-process.ts';

/** For so long nobody has written when a large database is compacted. */
const QUIET_MS = 2_000;
/** The time between two attempts, which doubles up to the longest. */
const REST_MS = 30_000;
const MAX_REST_MS = 600_000;

interface Parts {
  /** Says that something remains, also after a restart. */
  readonly remains: Compaction;
  /** Whether commits can wait until it is compacted. */
  readonly isSmall: () => boolean;
  readonly compactAtOnce: () => Promise<void>;
  /** False where it was interrupted, or somebody wrote. */
  readonly compactWhileQuiet: (signals: CompactionSignals) => Promise<boolean>;
  readonly onCompacted: () => void;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Compacts the database while the server uses it. SQLite lets nobody else write meanwhile: a large one is
 * compacted when nobody writes, which is given up as soon as somebody does, and tried again later.
 */
export class LiveCompaction {
  readonly #parts: Parts;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #interruption = new AbortController();
  /** Something was erased, or has been erased to its end, since it began. */
  #isNoted = false;
  #isScheduled = false;
  #wroteAt = Number.NEGATIVE_INFINITY;
  #restMs = REST_MS;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
  }

  get isDue(): boolean {
    return this.#parts.remains.isDue;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Something is being erased, and will leave remains. */
  note(): void {
    this.#isNoted = true;
    this.#parts.remains.note();
  }

  /** It is erased: compacts the database, now or when nobody writes. */
  schedule(): void {
    this.#isScheduled = true;
    this.#plan(0);
  }

  /** Call it before something is written. */
  interrupt(): void {
    this.#wroteAt = this.#now();
    // Each call would make an exception with a stack trace, and this is called at each commit.
    if (!this.#interruption.signal.aborted) this.#interruption.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #plan(ms: number): void {
    if (this.#closing.signal.aborted || this.#running) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#begin();
    }, ms);
  }

  #begin(): void {
    const { remains, isSmall } = this.#parts;
    try {
      remains.removeCopies();
      const quietMs = this.#now() - this.#wroteAt;
      if (isSmall()) this.#running = this.#run(true);
      else if (quietMs < QUIET_MS) this.#plan(QUIET_MS - quietMs);
      else this.#running = this.#run(false);
    } catch {
      // The folder is gone, for example.
      this.#planAgain();
    }
  }

  #planAgain(): void {
    this.#isScheduled = true;
    this.#plan(this.#restMs);
    this.#restMs = Math.min(this.#restMs * 2, MAX_REST_MS);
  }

  async #run(isSmall: boolean): Promise<void> {
    this.#isScheduled = false;
    this.#isNoted = false;
    const isDone = await this.#compact(isSmall).catch(() => false);
    this.#running = undefined;
    if (isDone) {
      this.#parts.onCompacted();
      this.#restMs = REST_MS;
      if (this.#isScheduled) this.#plan(0);
    } else this.#planAgain();
  }

  async #compact(isSmall: boolean): Promise<boolean> {
    const { remains, compactAtOnce, compactWhileQuiet } = this.#parts;
    this.#interruption = new AbortController();
    const signals = { interrupt: this.#interruption.signal, close: this.#closing.signal };
    if (isSmall) await compactAtOnce();
    else if (!(await compactWhileQuiet(signals))) return false;
    if (!this.#isNoted) remains.done();
    return true;
  }
}
