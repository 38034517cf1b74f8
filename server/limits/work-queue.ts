import { RoundRobin } from './round-robin.ts';

/** Milliseconds of such work in one turn of the event loop: then all else comes first. */
const PER_TURN_MS = 10;
/** Less than this is not worth a turn of its own. */
const NEGLIGIBLE_MS = 1;

/** What time it is, in milliseconds that only grow. */
export interface WorkClock {
  now(): number;
  /** The processor time of this thread: it costs more to ask for. */
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
 * Runs work that can be cut into pieces, so much of it in each turn of the event loop that everything
 * else goes on between them. Where pieces have to wait, each client has one run after the other,
 * however many a single client has. No more wait than there are requests and connections.
 */
export class WorkQueue {
  readonly #clock: WorkClock;
  readonly #waiting = new RoundRobin<() => void>();
  /** What the pieces of this turn took, as a watch shows it; and where the processor time stood. */
  #spentMs = 0;
  #cpuStart = 0;
  #isRunning = false;
  #isPlanned = false;

  constructor(clock: WorkClock = CLOCK) {
    this.#clock = clock;
  }

  /**
   * Whether so much of this turn has gone into such work. Time in which a busy machine did something
   * else does not count, nor does the first piece that is worth it to be measured.
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
    // A piece within a piece is measured with it.
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
