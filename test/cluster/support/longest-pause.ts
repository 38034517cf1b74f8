/** The longest time between two of the same kind, for the report: nothing is asserted about it. */
export class LongestPause {
  #lastMs = 0;
  #longestMs = 0;

  begin(): void {
    this.#lastMs = performance.now();
    this.#longestMs = 0;
  }

  happened(): void {
    const now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastMs);
    this.#lastMs = now;
  }

  get seconds(): number {
    return this.#longestMs / 1_000;
  }
}
