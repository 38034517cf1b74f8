/** After each chunk, the thread is free for commits for this many times as long as it took. */
const REST = 3;
/** How long to wait after a failure, a full disk for example. */
const RETRY_MS = 10_000;

/** Makes the writer thread delete what was cleared, between its commits. */
export class ClearedSweeper {
  readonly #removeCleared: () => Promise<boolean>;
  readonly #onSwept: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /**
   * @param removeCleared deletes a chunk in the writer thread; false where nothing is left to delete
   * @param onSwept is called when all of it is deleted
   */
  constructor(removeCleared: () => Promise<boolean>, onSwept: () => void) {
    this.#removeCleared = removeCleared;
    this.#onSwept = onSwept;
    // The server may have stopped before it was done.
    this.schedule();
  }

  /** A room was cleared. */
  schedule(): void {
    this.#timer ??= setTimeout(() => this.#sweep(), 0).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #sweep(): Promise<void> {
    const start = performance.now();
    const isMore = await this.#removeCleared().catch(() => undefined);
    this.#timer = undefined;
    if (isMore === false) this.#onSwept();
    if (isMore === false || this.#isClosed) return;
    const rest = isMore ? (performance.now() - start) * REST : RETRY_MS;
    this.#timer = setTimeout(() => this.#sweep(), rest).unref();
  }
}
