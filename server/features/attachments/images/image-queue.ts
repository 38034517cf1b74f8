import { ChatError } from '../../../core/errors.ts';
import { Usage } from './image-usage.ts';

/** How long something waits for its turn at most. */
const MAX_WAIT_MS = 45_000;
/** When one that has waited in vain may try again. */
const RETRY_S = 10;

interface Waiting {
  readonly address: string;
  readonly start: () => void;
}

/**
 * Does one thing at a time, each for an address: next comes the address whose turns took the least time
 * lately. Whoever sends much, or what takes long, waits for the others, and not they for them. How many
 * may wait is for the caller to bound.
 */
export class ImageQueue {
  readonly #now: () => number;
  readonly #usage: Usage;
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>();
  #isBusy = false;

  /** @param now milliseconds that only grow */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now;
    this.#usage = new Usage(now);
  }

  /**
   * Does something when it is its turn.
   * @param signal takes it out of the queue, with its reason
   * @throws ChatError where that would be too late; then nothing was done
   */
  async run<T>(address: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#turn(address, signal);
    const startMs = this.#now();
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#usage.add(address, this.#now() - startMs);
      this.#isBusy = false;
      this.#next();
    }
  }

  async #turn(address: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const turn = Promise.withResolvers<void>();
    const waiting = { address, start: turn.resolve };
    const giveUp = () => turn.reject(signal.reason);
    const timer = setTimeout(
      () => turn.reject(new ChatError('too-many-images', { count: RETRY_S })),
      MAX_WAIT_MS,
    );
    signal.addEventListener('abort', giveUp);
    this.#waiting.add(waiting);
    this.#next();
    try {
      await turn.promise;
    } finally {
      this.#waiting.delete(waiting);
      signal.removeEventListener('abort', giveUp);
      clearTimeout(timer);
    }
  }

  #next(): void {
    if (this.#isBusy) return;
    let next: Waiting | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const waiting of this.#waiting) {
      const used = this.#usage.of(waiting.address);
      if (used >= least) continue;
      next = waiting;
      least = used;
    }
    if (!next) return;
    this.#isBusy = true;
    this.#waiting.delete(next);
    next.start();
  }
}
