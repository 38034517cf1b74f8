import { LruMap } from '../shared/lru-map.ts';

const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 2;
const MAX_WAIT_SECONDS = 15 * 60;
const RESET_AFTER_MS = 60 * 60 * 1_000;
/** Keys that are remembered. */
const MAX_KEYS = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** Slows guessing: after a few failures, each further one doubles the wait for the next attempt. */
export class AttemptLimiter {
  readonly #now: () => number;
  readonly #failures = new LruMap<string, Failures>(MAX_KEYS);

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now;
  }

  /** Seconds until the next attempt of a key; 0 where it may be made now. */
  waitSeconds(key: string): number {
    const failures = this.#of(key);
    if (!failures || failures.count <= FREE_FAILURES) return 0;
    const doublings = failures.count - FREE_FAILURES - 1;
    const waitS = Math.min(FIRST_WAIT_SECONDS * 2 ** doublings, MAX_WAIT_SECONDS);
    const passedS = (this.#now() - failures.lastMs) / 1_000;
    return Math.max(Math.ceil(waitS - passedS), 0);
  }

  /** Counts a failure. */
  charge(key: string): void {
    const count = (this.#of(key)?.count ?? 0) + 1;
    this.#failures.set(key, { count, lastMs: this.#now() });
  }

  /** Takes the last failure back. */
  refund(key: string): void {
    const failures = this.#of(key);
    if (failures) this.#failures.set(key, { ...failures, count: failures.count - 1 });
  }

  reset(key: string): void {
    this.#failures.delete(key);
  }

  #of(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    const isOver = failures && this.#now() - failures.lastMs >= RESET_AFTER_MS;
    return isOver ? undefined : failures;
  }
}
