import { ChatError } from '../../../core/errors.ts';
import { Usage } from './image-usage.ts';

/** The maximum time that a task waits for its turn. */
const MAX_WAIT_MS = 45_000;
/** When a client may retry after that. */
const RETRY_S = 10;

interface Waiting {
  readonly address: string;
  readonly start: () => void;
}

/**
 * Runs one task at a time, each for an address: next is the address that used the least time
 * recently. Clients with many or slow images wait for the others, and not the others for them. The
 * caller limits how many may wait.
 */
export class ImageQueue {
  readonly #now: () => number;
  readonly #usage: Usage;
  /** In order of arrival. */
  readonly #waiting = new Set<Waiting>();
  #isBusy = false;

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number = performance.now.bind(performance)) {
    this.#now = now;
    this.#usage = new Usage(now);
  }

  /**
   * Runs a task when it is its turn.
   * @param signal removes it from the queue, with its reason
   * @throws ChatError if it waited too long; then the task was not run
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
