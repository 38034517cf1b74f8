/**
 * The work that the parsers may do for the code of one message. It is counted, not timed: a text is
 * rendered the same everywhere, at any time.
 */
export class Effort {
  /** Stream calls: code that people write takes a third of them at most. */
  static readonly MAX = 100_000;

  #left = Effort.MAX;

  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new RangeError('This code takes too much to read');
  }
}
