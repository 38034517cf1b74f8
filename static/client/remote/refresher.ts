/** Votes arrive four times a second: the page is fetched again no more often than this. */
const GAP_MS = 1_000;

/** Refreshes something soon after it is requested: once at a time, and not too often. */
export class Refresher {
  readonly #refresh: () => Promise<void>;
  #isRunning = false;
  #isRequested = false;

  /** @param refresh may reject: the next request tries again */
  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  request(): void {
    this.#isRequested = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isRequested) {
      this.#isRequested = false;
      await this.#refresh().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    }
    this.#isRunning = false;
  }
}
