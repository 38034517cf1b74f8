import { ChatError } from '../core/errors.ts';
import { RoundRobin } from './round-robin.ts';

interface Job {
  readonly start: () => Promise<void>;
  readonly cancel: (why: ChatError) => void;
}

/**
 * Runs jobs one after the other, in turn by client: a client with many jobs waits for its own, and
 * the others wait for one of them each. When too many wait, the client with most of them gives way.
 */
export class JobQueue {
  readonly #maxWaiting: number;
  readonly #waiting = new RoundRobin<Job>();
  #isRunning = false;
  #isClosed = false;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /**
   * @param key whose job it is: an address, for example
   * @throws ChatError where too many wait, or the queue is closed
   */
  run<T>(key: string, job: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new ChatError('shutting-down'));
    if (!this.#makeRoom(this.#waiting.countOf(key)))
      return Promise.reject(new ChatError('overloaded'));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const start = async () => {
      try {
        resolve(await job());
      } catch (error) {
        reject(error);
      }
    };
    this.#waiting.add(key, { start, cancel: reject });
    if (!this.#isRunning) void this.#runAll();
    return promise;
  }

  /** Rejects the jobs that wait; one that runs continues. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#waiting.clear()) cancel(new ChatError('shutting-down'));
  }

  /** When full, rejects the last job of the client with most, in favor of one with fewer. */
  #makeRoom(own: number): boolean {
    if (this.#waiting.size < this.#maxWaiting) return true;
    const last = this.#waiting.takeFromLongest(own + 1);
    last?.cancel(new ChatError('overloaded'));
    return last !== undefined;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#waiting.take(); job; job = this.#waiting.take()) await job.start();
    this.#isRunning = false;
  }
}
