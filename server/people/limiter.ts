/** A token bucket: so many at once, and then so many a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export class Limiter {
  readonly #rate: Rate;
  readonly #now: () => number;
  #tokens: number;
  #since: number;

  /** @param now milliseconds that only grow */
  constructor(rate: Rate, now: () => number = performance.now.bind(performance)) {
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
