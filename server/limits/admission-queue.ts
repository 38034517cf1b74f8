import { RoundRobin } from './round-robin.ts';

/** Requests admitted in one turn of the event loop: some milliseconds of work. */
const PER_TICK = 16;

/**
 * Admits requests a few at a time, in turn by address: when a whole class reconnects at once, the
 * room stays responsive for the others, and when one address sends many requests, the others do not
 * wait for all of them. No more wait than have connected.
 */
export class AdmissionQueue {
  readonly #waiting = new RoundRobin<() => void>();
  #left = PER_TICK;
  #isPlanned = false;

  /** Waits for the requests that are ahead of it, and never for long. */
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
