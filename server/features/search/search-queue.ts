import { ChatError } from '../../core/errors.ts';
import { JobQueue } from '../../limits/job-queue.ts';
import type { LazyWorkerClient } from '../../storage/lazy-worker-client.ts';
import type { WorkerClient } from '../../storage/worker-client.ts';
import type { SearchRequest, SearchResult } from './search.ts';
import { MAX_QUERY } from './search-query.ts';

/** Searches that may wait for the one under way: more are refused. */
const MAX_WAITING = 32;
/** What is posted is indexed after so long, with what comes until then. */
const DELAY_MS = 1_000;
/** After what did not work, a full disk for example, it is tried again. */
const RETRY_MS = 10_000;
/** After each piece that is indexed, the thread rests so many times longer than that took. */
const IDLE_FACTOR = 3;

/**
 * Searches one after the other, in a thread of their own: the slowest of them holds up nobody who
 * joins, comes back or scrolls. Between them, that thread indexes what there is to index.
 */
export class SearchQueue {
  readonly #thread: LazyWorkerClient | WorkerClient;
  readonly #queue = new JobQueue(MAX_WAITING);
  #timer: NodeJS.Timeout | undefined;
  #isIndexing = false;
  /** There may be something that was not there when a piece was last asked for. */
  #hasNews = false;
  /** Nothing is to be indexed, and it is not time yet to tidy up again. */
  #isResting = false;
  #isClosed = false;

  constructor(thread: LazyWorkerClient | WorkerClient) {
    this.#thread = thread;
    this.schedule();
  }

  /**
   * @param from the address that asks: each has its turn
   * @throws ChatError where it is too much, too many wait, or the store is closed
   */
  async search(request: SearchRequest, from: string): Promise<SearchResult> {
    try {
      const found = await this.#queue.run(from, () => this.#thread.ask('search', request));
      if (!found) throw new ChatError('bad-search', MAX_QUERY);
      return found;
    } finally {
      this.schedule();
    }
  }

  /** There may be something to index: sees to it after a while, if that is not planned already. */
  schedule(): void {
    this.#hasNews = true;
    if (this.#isIndexing) return;
    // The rest is between two times of tidying up, and does not keep back what is new.
    if (this.#isResting || this.#timer === undefined) this.#schedule(DELAY_MS);
  }

  /** Whoever still waits is refused, and nothing more is indexed. */
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

  /** Indexes a piece, and plans the next one, if there is more. */
  async #index(): Promise<void> {
    const start = performance.now();
    this.#isIndexing = true;
    this.#hasNews = false;
    const answer = await this.#thread.ask('index').catch(() => 'failed' as const);
    this.#isIndexing = false;
    this.#timer = undefined;
    const restMs = (performance.now() - start) * IDLE_FACTOR;
    if (answer === 'failed') this.#schedule(RETRY_MS);
    else if (answer === 0) this.#schedule(restMs);
    // What came while it was answered may not be in it.
    else if (this.#hasNews) this.#schedule(Math.max(DELAY_MS, restMs));
    else if (answer !== undefined) {
      this.#schedule(answer);
      this.#isResting = true;
    }
  }
}
