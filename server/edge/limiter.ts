/** A token bucket: so many at once, and then so many a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export const NO_LIMIT: Rate = { burst: Number.POSITIVE_INFINITY, perSecond: 0 };

/** One for all: a limiter is small, and there may be many. */
const monotonic = () => performance.now();

export class Limiter {
  readonly #rate: Rate;
  readonly #now: () => number;
  #tokens: number;
  #since: number;

  /** @param now milliseconds that only grow */
  constructor(rate: Rate, now: () => number = monotonic) {
    this.#rate = rate;
    this.#now = now;
    this.#tokens = rate.burst;
    this.#since = now();
  }

  /** Takes one, if there is one. */
  take(): boolean {
    const now = this.#now();
    const gained = ((now - this.#since) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Strangers that are remembered. The one not seen for longest is forgotten, and begins anew. */
const MAX_KEYS = 10_000;

/** A limiter for each of many: for each address, say. */
export class Limits {
  readonly #rate: Rate;
  readonly #now: (() => number) | undefined;
  readonly #limiters = new Map<string, Limiter>();

  constructor(rate: Rate, now?: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes one of those of a key, if there is one. */
  take(key: string): boolean {
    const limiter = this.#limiters.get(key) ?? new Limiter(this.#rate, this.#now);
    // What was used last stands last.
    this.#limiters.delete(key);
    this.#limiters.set(key, limiter);
    const [oldest] = this.#limiters.keys();
    if (this.#limiters.size > MAX_KEYS && oldest !== undefined) this.#limiters.delete(oldest);
    return limiter.take();
  }
}
