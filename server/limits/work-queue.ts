import { RoundRobin } from './round-robin.ts';

/** Milliseconds of such work in one turn of the event loop: then everything else comes first. */
const PER_TURN_MS = 10;
/** Less than this is not worth a turn of its own. */
const NEGLIGIBLE_MS = 1;

/** A monotonic clock, in milliseconds. */
interface WorkClock {
  now(): number;
  /** The processor time of this thread: it costs more to read. */
  cpu(): number;
}

const CLOCK: WorkClock = {
  now: () => performance.now(),
  cpu() {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  },
};

/**
 * Runs work that can be cut into pieces, so much of it in each turn of the event loop that
 * everything else goes on in between. Pieces that have to wait run in turn by client, however many
 * a single client has. No more wait than there are requests and connections.
 */
export class WorkQueue {
  readonly #clock: WorkClock;
  readonly #waiting = new RoundRobin<() => void>();
  /** The time that the pieces of this turn took, and the processor time when it started. */
  #spentMs = 0;
  #cpuStart = 0;
  #isRunning = false;
  #isPlanned = false;

  constructor(clock: WorkClock = CLOCK) {
    this.#clock = clock;
  }

  /**
   * Whether so much of this turn was spent on such work. Time in which a busy machine did something
   * else does not count, nor does the first piece that is worth measuring.
   */
  hasSpent(ms: number): boolean {
    return this.#spentMs >= ms && this.#clock.cpu() - this.#cpuStart >= ms;
  }

  /**
   * Runs a piece of work now, or in a later turn. Rejects with what it throws.
   * @param client whose it is: an address, for example
   */
  run<T>(client: string, piece: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const go = () => {
        try {
          resolve(this.runNow(piece));
        } catch (error) {
          reject(error);
        }
      };
      if (this.#waiting.size === 0 && !this.hasSpent(PER_TURN_MS)) return go();
      this.#waiting.add(client, go);
      return this.#schedule();
    });
  }

  /** Runs a piece of work that cannot wait: it counts for this turn. */
  runNow<T>(piece: () => T): T {
    // A piece within a piece is measured with the outer one.
    if (this.#isRunning) return piece();
    const start = this.#clock.now();
    this.#isRunning = true;
    try {
      return piece();
    } finally {
      this.#isRunning = false;
      this.#spentMs += this.#clock.now() - start;
      if (this.#spentMs >= NEGLIGIBLE_MS) this.#schedule();
    }
  }

  #schedule(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#cpuStart = this.#clock.cpu();
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isPlanned = false;
    this.#spentMs = 0;
    if (this.#waiting.size === 0) return;
    this.#schedule();
    while (this.#waiting.size > 0 && !this.hasSpent(PER_TURN_MS)) this.#waiting.take()?.();
  }
}
