import { LruMap } from '../shared/lru-map.ts';

/** Usage counts half after this time. */
const HALF_LIFE_MS = 60_000;
/** Keys remembered. */
const MAX_KEYS = 10_000;

/** How much each key has used recently. */
export class Usage {
  readonly #last = new LruMap<string, { readonly amount: number; readonly atMs: number }>(MAX_KEYS);

  /** @param nowMs of a monotonic clock: amounts are compared as of one time */
  of(key: string, nowMs: number): number {
    const last = this.#last.get(key);
    if (!last) return 0;
    return last.amount * 2 ** ((last.atMs - nowMs) / HALF_LIFE_MS);
  }

  add(key: string, amount: number, nowMs: number): void {
    this.#last.set(key, { amount: this.of(key, nowMs) + amount, atMs: nowMs });
  }
}
