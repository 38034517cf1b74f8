import { LruMap } from './lru-map.ts';

/** Usage counts half after this time. */
const HALF_LIFE_MS = 60_000;
/** Keys remembered. */
const MAX_KEYS = 10_000;

/** How much each key has used recently. */
export class Usage {
  readonly #now: () => number;
  readonly #last = new LruMap<string, { readonly amount: number; readonly atMs: number }>(MAX_KEYS);

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
    this.#last.set(key, { amount: this.of(key) + amount, atMs: this.#now() });
  }
}
