import { Refusal } from './errors.ts';

interface Job {
  readonly start: () => Promise<void>;
  readonly cancel: (why: Refusal) => void;
}

/**
 * Runs jobs one after the other, in turns: whoever has many of them waits for their own, and the others
 * wait for one of theirs each. Where too many wait, whoever has most of them gives way.
 */
export class FairQueue {
  readonly #maxWaiting: number;
  /** The jobs that wait, by whose they are. Whose turn is next stands first. */
  readonly #waiting = new Map<string, Job[]>();
  #count = 0;
  #isRunning = false;
  #isClosed = false;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /**
   * @param key whose job it is: an address, say
   * @throws Refusal where too many wait, or the queue is closed
   */
  run<T>(key: string, job: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Refusal('closing'));
    const own = this.#waiting.get(key) ?? [];
    if (!this.#makeRoom(own.length)) return Promise.reject(new Refusal('busy'));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const start = async () => {
      try {
        resolve(await job());
      } catch (error) {
        reject(error);
      }
    };
    own.push({ start, cancel: reject });
    this.#waiting.set(key, own);
    this.#count += 1;
    if (!this.#isRunning) void this.#runAll();
    return promise;
  }

  /** What waits is refused; what runs goes on. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of [...this.#waiting.values()].flat()) cancel(new Refusal('closing'));
    this.#waiting.clear();
    this.#count = 0;
  }

  /** Where it is full, the last job of whoever has most is refused for one who has fewer. */
  #makeRoom(own: number): boolean {
    if (this.#count < this.#maxWaiting) return true;
    const most = [...this.#waiting.values()].reduce((a, b) => (b.length > a.length ? b : a));
    if (most.length <= own + 1) return false;
    most.pop()?.cancel(new Refusal('busy'));
    this.#count -= 1;
    return true;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#next(); job; job = this.#next()) await job.start();
    this.#isRunning = false;
  }

  #next(): Job | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const [key, jobs] = first;
    const job = jobs.shift();
    this.#count -= 1;
    this.#waiting.delete(key);
    if (jobs.length > 0) this.#waiting.set(key, jobs);
    return job;
  }
}
