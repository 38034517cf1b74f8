import { ChatError } from '../../core/errors.ts';
import { JobQueue } from '../../limits/job-queue.ts';
import type { Client } from '../../storage/worker-client.ts';
import type { Search, SearchRequest, SearchResult } from './search.ts';
import { MAX_QUERY } from './search-query.ts';

/** Searches that may wait for the running one: more are rejected. */
const MAX_WAITING = 32;
/** The delay between a new message and indexing it, with what is posted meanwhile. */
const DELAY_MS = 1_000;
/** The delay before a retry after an error, such as a full disk. */
const RETRY_MS = 10_000;
/** After indexing a piece, the thread is idle this many times longer than that took. */
const IDLE_FACTOR = 3;

type SearchThread = Client<Pick<Search, 'search' | 'index'>>;

/**
 * Runs searches one after the other, in their own thread: even a slow one delays nobody who joins,
 * reconnects or scrolls. In between, the thread updates the index.
 */
export class SearchQueue {
  readonly #thread: SearchThread;
  readonly #queue = new JobQueue({ maxWaiting: MAX_WAITING });
  #timer: NodeJS.Timeout | undefined;
  #isIndexing = false;
  /** There may be something new since the last piece was requested. */
  #hasNews = false;
  /** Nothing is to be indexed, and the next tidying is not due yet. */
  #isResting = false;
  #isClosed = false;

  constructor(thread: SearchThread) {
    this.#thread = thread;
    this.schedule();
  }

  /**
   * @param from the client's address: the one that searched least comes first
   * @throws ChatError if the query is too long, too many searches wait, or the store is closed
   */
  async search(request: SearchRequest, from: string): Promise<SearchResult> {
    try {
      const found = await this.#queue.run(from, () => this.#thread.search(request));
      if (!found) throw new ChatError('invalid-search', MAX_QUERY);
      return found;
    } finally {
      this.schedule();
    }
  }

  /** There may be something to index: schedules that, if it isn't scheduled already. */
  schedule(): void {
    this.#hasNews = true;
    if (this.#isIndexing) return;
    // The pause is between two tidyings, and doesn't delay what is new.
    if (this.#isResting || this.#timer === undefined) this.#schedule(DELAY_MS);
  }

  /** Rejects the waiting searches, and stops indexing. */
  close(): void {
    this.#isClosed = true;
    this.#queue.close();
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#isResting = false;
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#index(), ms).unref();
  }

  /** Indexes a piece, and schedules the next one, if there is more. */
  async #index(): Promise<void> {
    const start = performance.now();
    this.#isIndexing = true;
    this.#hasNews = false;
    const answer = await this.#thread.index().catch(() => 'failed' as const);
    this.#isIndexing = false;
    this.#timer = undefined;
    const restMs = (performance.now() - start) * IDLE_FACTOR;
    if (answer === 'failed') this.#schedule(RETRY_MS);
    else if (answer === 0) this.#schedule(restMs);
    // It may not contain what was posted meanwhile.
    else if (this.#hasNews) this.#schedule(Math.max(DELAY_MS, restMs));
    else if (answer !== undefined) {
      this.#schedule(answer);
      this.#isResting = true;
    }
  }
}
