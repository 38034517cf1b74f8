/** Usage counts half after this time. */
const HALF_LIFE_MS = 60_000;
/** Keys remembered: the least recently used one is evicted. */
const MAX_KEYS = 10_000;

/** How much each key has used recently. */
export class Usage {
  readonly #now: () => number;
  readonly #last = new Map<string, { readonly amount: number; readonly atMs: number }>();

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  of(key: string): number {
    const last = this.#last.get(key);
    if (!last) return 0;
    return last.amount * 2 ** ((last.atMs - this.#now()) / HALF_LIFE_MS);
  }

  add(key: string, amount: number): void {
    const total = this.of(key) + amount;
    this.#last.delete(key);
    this.#last.set(key, { amount: total, atMs: this.#now() });
    const [oldest] = this.#last.keys();
    if (this.#last.size > MAX_KEYS && oldest !== undefined) this.#last.delete(oldest);
  }
}
