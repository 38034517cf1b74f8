/** Those who come in with one turn of the event loop: some milliseconds of work. */
const PER_TURN = 16;

/**
 * Lets requests through a few at a time, each address in turn: where a whole class comes back at once,
 * the room goes on between them for those who are there, and where one address asks for much, the
 * others do not wait for all of that. No more wait than have connected.
 */
export class Turns {
  /** What waits of each address, in its order. The address whose turn is next stands first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #left = PER_TURN;
  #isPlanned = false;

  /** Waits for its turn: for others who wait before it, and never for long. */
  async take(address: string): Promise<void> {
    this.#plan();
    if (this.#left > 0) this.#left -= 1;
    else await new Promise<void>((resolve) => this.#add(address, resolve));
  }

  #add(address: string, go: () => void): void {
    const own = this.#waiting.get(address);
    if (own) own.push(go);
    else this.#waiting.set(address, [go]);
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isPlanned = false;
    this.#left = PER_TURN;
    while (this.#left > 0 && this.#waiting.size > 0) {
      this.#left -= 1;
      this.#letOneThrough();
    }
    if (this.#left < PER_TURN) this.#plan();
  }

  #letOneThrough(): void {
    const [first] = this.#waiting;
    if (!first) return;
    const [address, own] = first;
    own.shift()?.();
    this.#waiting.delete(address);
    if (own.length > 0) this.#waiting.set(address, own);
  }
}
