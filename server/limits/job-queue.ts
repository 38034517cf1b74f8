import { ChatError } from '../core/errors.ts';
import { Usage } from './usage.ts';

/** What a job counts at least, in milliseconds: clients with quick jobs take turns, too. */
const MIN_JOB_MS = 1;

export interface JobQueueOptions {
  /** Jobs that may wait. Without a limit, the caller has one. */
  readonly maxWaiting?: number;
  /** Jobs that run at once. @default 1 */
  readonly concurrency?: number;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

interface WaitingJob {
  readonly client: string;
  readonly start: () => void;
  readonly cancel: (why: unknown) => void;
}

/**
 * Runs jobs a few at a time. Next is the client that used the least time recently: clients with
 * many or slow jobs wait for the others, and not the others for them. When too many jobs wait, the
 * client with most of them gives way.
 */
export class JobQueue {
  readonly #maxWaiting: number;
  readonly #now: () => number;
  readonly #usage = new Usage();
  /** In order of arrival. */
  readonly #waiting = new Set<WaitingJob>();
  #free: number;
  #isClosed = false;

  constructor({ maxWaiting, concurrency = 1, now = () => performance.now() }: JobQueueOptions) {
    this.#maxWaiting = maxWaiting ?? Number.POSITIVE_INFINITY;
    this.#free = concurrency;
    this.#now = now;
  }

  /**
   * Runs a job when it is its turn.
   * @param client whose job it is: an address, for example
   * @param signal removes the job from the queue, with its reason; one that runs continues
   * @throws ChatError where too many wait, or the queue is closed
   */
  async run<T>(client: string, job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(client, signal);
    const startMs = this.#now();
    try {
      // The signal may have come after the turn.
      signal?.throwIfAborted();
      return await job();
    } finally {
      const endMs = this.#now();
      this.#usage.add(client, Math.max(endMs - startMs, MIN_JOB_MS), endMs);
      this.#free += 1;
      this.#next();
    }
  }

  /** Rejects the jobs that wait; those that run continue. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#waiting) cancel(new ChatError('shutting-down'));
  }

  /** Waits for a turn, and takes it. */
  async #turn(client: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new ChatError('shutting-down');
    if (this.#free === 0) this.#makeRoom(client);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // It leaves the queue at once: as long as it is there, it may get the next turn.
    const cancel = (why: unknown) => {
      this.#waiting.delete(job);
      reject(why);
    };
    const job: WaitingJob = { client, start: resolve, cancel };
    const abort = () => cancel(signal?.reason);
    signal?.addEventListener('abort', abort);
    this.#waiting.add(job);
    this.#next();
    await promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /**
   * When full, cancels the last job of the client with most, in favor of one with fewer.
   * @throws ChatError where it is this client that has most
   */
  #makeRoom(client: string): void {
    if (this.#waiting.size < this.#maxWaiting) return;
    const jobs = Map.groupBy(this.#waiting, (job) => job.client);
    const own = jobs.get(client)?.length ?? 0;
    const [longest = []] = [...jobs.values()].sort((a, b) => b.length - a.length);
    const last = longest.at(-1);
    if (!last || longest.length <= own + 1) throw new ChatError('overloaded');
    last.cancel(new ChatError('overloaded'));
  }

  #next(): void {
    if (this.#free === 0) return;
    const nowMs = this.#now();
    let next: WaitingJob | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const job of this.#waiting) {
      const used = this.#usage.of(job.client, nowMs);
      if (used >= least) continue;
      next = job;
      least = used;
    }
    if (!next) return;
    this.#free -= 1;
    this.#waiting.delete(next);
    next.start();
  }
}
