/** The last messages before a message, or the first since it. */
export type HistoryQuery = `before=${number}` | `since=${number}`;

export interface HistoryPage<M> {
  readonly messages: readonly M[];
  /** Whether there is nothing beyond them. */
  readonly isLast: boolean;
}

/** What lies beyond an end of the loaded history: more, which may be loading, or nothing. */
export type Beyond = 'more' | 'loading' | 'failed' | 'nothing';

interface HistoryLoaderOptions<M> {
  /** The next query: nothing if there is no more. */
  readonly next: () => HistoryQuery | undefined;
  /** Whether the reader has scrolled near. */
  readonly isNear: () => boolean;
  /** Rejects if the page cannot be loaded. */
  readonly fetch: (query: HistoryQuery) => Promise<HistoryPage<M>>;
  readonly insert: (messages: readonly M[], isLast: boolean) => void;
  /** What lies beyond has changed. */
  readonly onBeyond: (beyond: Beyond) => void;
}

/** One end of the loaded history: more is loaded when the reader scrolls near it. */
export class HistoryLoader<M> {
  readonly #options: HistoryLoaderOptions<M>;
  #isLoading = false;
  /** After a failure the user retries; scrolling alone would request without end. */
  #hasFailed = false;
  #beyond: Beyond | undefined;

  constructor(options: HistoryLoaderOptions<M>) {
    this.#options = options;
  }

  /** Loads more if the reader is near. */
  loadIfNear(): void {
    const { next, isNear } = this.#options;
    const query = next();
    this.#show(query);
    if (query === undefined || this.#isLoading || this.#hasFailed || !isNear()) return;
    void this.#load(query);
  }

  /** Tries again after a failure. */
  retry(): void {
    this.#hasFailed = false;
    this.loadIfNear();
  }

  async #load(query: HistoryQuery): Promise<void> {
    const { next, fetch, insert } = this.#options;
    this.#isLoading = true;
    this.#show(query);
    try {
      const { messages, isLast } = await fetch(query);
      // After a reset in the meantime these no longer fit.
      if (next() === query) insert(messages, isLast);
    } catch {
      this.#hasFailed = true;
    }
    this.#isLoading = false;
    this.loadIfNear();
  }

  #show(query: HistoryQuery | undefined): void {
    let beyond: Beyond = query === undefined ? 'nothing' : 'more';
    if (this.#isLoading) beyond = 'loading';
    if (this.#hasFailed && query !== undefined) beyond = 'failed';
    if (beyond === this.#beyond) return;
    this.#beyond = beyond;
    this.#options.onBeyond(beyond);
  }
}
