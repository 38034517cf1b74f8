import { Refusal } from '../errors.ts';
import type { Message } from './message.ts';
import type { Phrase } from './search.ts';
import type { StoreThread } from './store-thread.ts';

/** Searches that may be under way; more are refused. */
const MAX_WAITING = 32;

/**
 * Searches one after the other, in a thread of their own: the slowest of them holds up nobody who
 * joins, comes back or scrolls.
 */
export class Searches {
  readonly thread: StoreThread;
  #waiting = 0;

  constructor(thread: StoreThread) {
    this.thread = thread;
  }

  /** @throws Refusal where too many wait */
  async search(
    room: string,
    phrases: readonly Phrase[],
    before: number,
    limit: number,
  ): Promise<Message[]> {
    if (this.#waiting >= MAX_WAITING) throw new Refusal('busy');
    this.#waiting += 1;
    try {
      return await this.thread.ask('search', room, phrases, before, limit);
    } finally {
      this.#waiting -= 1;
    }
  }
}
