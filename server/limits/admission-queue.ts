import { RoundRobin } from './round-robin.ts';

/** Those who come in with one turn of the event loop: some milliseconds of work. */
const PER_TICK = 16;

/**
 * Lets requests through a few at a time, each address in turn: where a whole class comes back at once,
 * the room goes on between them for those who are there, and where one address asks for much, the
 * others do not wait for all of that. No more wait than have connected.
 */
export class AdmissionQueue {
  readonly #waiting = new RoundRobin<() => void>();
  #left = PER_TICK;
  #isPlanned = false;

  /** Waits for its turn: for others who wait before it, and never for long. */
  async admit(address: string): Promise<void> {
    this.#schedule();
    if (this.#left > 0) this.#left -= 1;
    else await new Promise<void>((resolve) => this.#waiting.add(address, resolve));
  }

  #schedule(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isPlanned = false;
    this.#left = PER_TICK;
    while (this.#left > 0 && this.#waiting.size > 0) {
      this.#left -= 1;
      this.#waiting.take()?.();
    }
    if (this.#left < PER_TICK) this.#schedule();
  }
}
