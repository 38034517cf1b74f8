/** A queue that serves clients in turn, however many items one of them has. */
export class RoundRobin<T> {
  /** The client whose turn is next comes first. */
  readonly #waiting = new Map<string, T[]>();
  #size = 0;

  /** How many items wait. */
  get size(): number {
    return this.#size;
  }

  countOf(client: string): number {
    return this.#waiting.get(client)?.length ?? 0;
  }

  add(client: string, item: T): void {
    const own = this.#waiting.get(client);
    if (own) own.push(item);
    else this.#waiting.set(client, [item]);
    this.#size += 1;
  }

  /** Takes the first item of the client whose turn it is. */
  take(): T | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const [client, own] = first;
    const item = own.shift();
    this.#size -= 1;
    this.#waiting.delete(client);
    if (own.length > 0) this.#waiting.set(client, own);
    return item;
  }

  /** Takes the last item of the client with most, unless that has no more than `atMost`. */
  takeFromLongest(atMost: number): T | undefined {
    let longest: T[] = [];
    for (const own of this.#waiting.values()) if (own.length > longest.length) longest = own;
    if (longest.length <= atMost) return undefined;
    this.#size -= 1;
    return longest.pop();
  }

  /** Takes all items. */
  clear(): T[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return all;
  }
}
