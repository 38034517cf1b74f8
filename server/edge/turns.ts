/** Those who come in with one turn of the event loop: some milliseconds of work. */
const PER_TURN = 16;

/**
 * Lets those who come in through a few at a time, in their order: where a whole class comes back at
 * once, the room goes on between them for those who are there. No more wait than have connected.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #left = PER_TURN;
  #isPlanned = false;

  /** Waits for its turn: for others who wait before it, and never for long. */
  async take(): Promise<void> {
    this.#plan();
    if (this.#left > 0) this.#left -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isPlanned = false;
    const next = this.#waiting.splice(0, PER_TURN);
    this.#left = PER_TURN - next.length;
    for (const go of next) go();
    if (next.length > 0) this.#plan();
  }
}
