const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 2;
const MAX_WAIT_SECONDS = 15 * 60;
const RESET_AFTER_MS = 60 * 60 * 1_000;
/** Keys that are remembered. The least recently used one is forgotten. */
const MAX_KEYS = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** Slows guessing: after a few failures, each further one doubles the wait for the next attempt. */
export class AttemptLimiter {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now;
  }

  /** Seconds until the next attempt of a key; 0 where it may be made now. */
  waitSeconds(key: string): number {
    const failures = this.#use(key);
    if (!failures || failures.count <= FREE_FAILURES) return 0;
    const doublings = failures.count - FREE_FAILURES - 1;
    const waitS = Math.min(FIRST_WAIT_SECONDS * 2 ** doublings, MAX_WAIT_SECONDS);
    const passedS = (this.#now() - failures.lastMs) / 1_000;
    return Math.max(Math.ceil(waitS - passedS), 0);
  }

  recordFailure(key: string): void {
    const count = (this.#use(key)?.count ?? 0) + 1;
    this.#failures.set(key, { count, lastMs: this.#now() });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_KEYS && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Takes the last failure back. */
  undoFailure(key: string): void {
    const failures = this.#use(key);
    if (failures) this.#failures.set(key, { ...failures, count: failures.count - 1 });
  }

  reset(key: string): void {
    this.#failures.delete(key);
  }

  /** The failures of a key, which moves to the end as the most recently used. */
  #use(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    this.#failures.delete(key);
    if (!failures || this.#now() - failures.lastMs >= RESET_AFTER_MS) return undefined;
    this.#failures.set(key, failures);
    return failures;
  }
}
