import type { Rate } from './rates.ts';

/** Keys that are remembered. The one that failed longest ago is forgotten. */
const MAX_KEYS = 10_000;

interface Failures {
  /** Failures that the time since has not made up for. */
  readonly count: number;
  readonly sinceMs: number;
}

/** So many failures of each key are free at once, and then so many a second. */
export class FailureRate {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  /** @param now a monotonic clock, in milliseconds */
  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Seconds until a key may fail again; 0 where it may now. */
  waitSeconds(key: string): number {
    const excess = this.#count(key) + 1 - this.#rate.burst;
    return Math.max(Math.ceil(excess / this.#rate.perSecond), 0);
  }

  recordFailure(key: string): void {
    const count = this.#count(key) + 1;
    // The key that failed last comes last.
    this.#failures.delete(key);
    this.#failures.set(key, { count, sinceMs: this.#now() });
    if (this.#failures.size > MAX_KEYS) {
      const [oldest = ''] = this.#failures.keys();
      this.#failures.delete(oldest);
    }
  }

  /** Takes the last failure back. */
  undoFailure(key: string): void {
    const count = Math.max(this.#count(key) - 1, 0);
    if (this.#failures.has(key)) this.#failures.set(key, { count, sinceMs: this.#now() });
  }

  #count(key: string): number {
    const { count = 0, sinceMs = 0 } = this.#failures.get(key) ?? {};
    return Math.max(count - ((this.#now() - sinceMs) / 1_000) * this.#rate.perSecond, 0);
  }
}
