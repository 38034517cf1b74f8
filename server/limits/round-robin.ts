/** A queue that serves clients in turn, however many items one of them has. */
export class RoundRobin<T> {
  /** The client whose turn is next comes first. */
  readonly #waiting = new Map<string, T[]>();
  #size = 0;

  /** How many items wait. */
  get size(): number {
    return this.#size;
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
}
