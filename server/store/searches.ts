import { Refusal } from '../errors.ts';
import type { LateThread } from './late-thread.ts';
import type { Found, Phrase } from './search.ts';
import type { StoreThread } from './store-thread.ts';

/** Searches that may be under way; more are refused. */
const MAX_WAITING = 32;
/** What is posted is indexed after so long, with what comes until then. */
const DELAY_MS = 1_000;
/** After what did not work, a full disk for example, it is tried again. */
const RETRY_MS = 10_000;
/** After each piece that is indexed, the thread rests so many times longer than that took. */
const REST = 3;

/**
 * Searches one after the other, in a thread of their own: the slowest of them holds up nobody who
 * joins, comes back or scrolls. Between them, that thread indexes what there is to index.
 */
export class Searches {
  readonly #thread: LateThread | StoreThread;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(thread: LateThread | StoreThread) {
    this.#thread = thread;
    this.note();
  }

  /** @throws Refusal where too many wait, or the store is closed */
  async search(
    room: string,
    phrases: readonly Phrase[],
    before: number,
    limit: number,
  ): Promise<Found> {
    if (this.#waiting >= MAX_WAITING) throw new Refusal('busy');
    this.#waiting += 1;
    const found = this.#last.then(() => {
      if (this.#isClosed) throw new Refusal('closing');
      return this.#thread.ask('search', room, phrases, before, limit);
    });
    this.#last = found.catch(() => undefined);
    try {
      return await found;
    } finally {
      this.#waiting -= 1;
      this.note();
    }
  }

  /** There may be something to index: sees to it after a while, if that is not planned already. */
  note(): void {
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#index(), DELAY_MS).unref();
  }

  /** Whoever still waits is refused, and nothing more is indexed. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Indexes a piece, and plans the next one, if there is more. */
  async #index(): Promise<void> {
    const start = performance.now();
    const isMore = await this.#thread.ask('index').catch(() => undefined);
    const rest = isMore === undefined ? RETRY_MS : (performance.now() - start) * REST;
    this.#timer = undefined;
    if (isMore !== false && !this.#isClosed)
      this.#timer = setTimeout(() => this.#index(), rest).unref();
  }
}
