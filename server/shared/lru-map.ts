/**
 * A map of limited size. When it is full, the least recently used entry is evicted; setting and
 * getting an entry is a use of it, `has` and iterating are not.
 */
export class LruMap<K, V> {
  readonly #max: number;
  readonly #sizeOf: (value: V) => number;
  /** The least recently used entry comes first. */
  readonly #entries = new Map<K, { readonly value: V; readonly size: number }>();
  #size = 0;

  /** @param sizeOf the part of `max` that a value takes when it is set: 1, if not given */
  constructor(max: number, sizeOf: (value: V) => number = () => 1) {
    this.#max = max;
    this.#sizeOf = sizeOf;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    const size = this.#sizeOf(value);
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#max || this.#entries.size === 1) break;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#size -= entry.size;
  }

  /** The entries, the least recently used first. */
  *[Symbol.iterator](): Generator<readonly [K, V], void> {
    for (const [key, { value }] of this.#entries) yield [key, value];
  }
}
