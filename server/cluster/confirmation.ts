const RENEW_MS = 1_000;

/** Asks once a second since when it is certain that this node has all of the log. */
export class Confirmation {
  readonly #confirm: () => Promise<number>;
  readonly #onConfirmed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #sinceMs = Number.NEGATIVE_INFINITY;

  /**
   * @param confirm resolves to a time, by the monotonic clock, at which all that was in the log is
   * applied here; rejects where that is not known
   */
  constructor(confirm: () => Promise<number>, onConfirmed: () => void) {
    this.#confirm = confirm;
    this.#onConfirmed = onConfirmed;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS).unref();
    void this.#renew();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** For how many milliseconds it has not been certain: infinite, where it never was. */
  get ageMs(): number {
    return performance.now() - this.#sinceMs;
  }

  /** One at a time: where nobody answers, it takes a while. */
  async #renew(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      this.#sinceMs = Math.max(this.#sinceMs, await this.#confirm());
      this.#onConfirmed();
    } catch {
      // Nobody answers who knows: the age grows.
    } finally {
      this.#isAsking = false;
    }
  }
}
