import type { Arguments, Result, WorkerClient } from './worker-client.ts';

/**
 * The work of such a thread can stop anywhere and be repeated: on a busy machine, where its low
 * priority keeps it waiting, a shutdown does not wait for it.
 */
const CLOSE_MS = 2_000;

/**
 * A store thread that is opened on first use: a start waits only for the threads that it takes to
 * serve a page. Where it could not be opened, the next call tries again.
 */
export class LazyWorkerClient<M extends object> {
  readonly #open: (signal: AbortSignal) => Promise<WorkerClient<M>>;
  readonly #isLate = new AbortController();
  #opened: Promise<WorkerClient<M>> | undefined;

  /** @param open gives up where the signal says so */
  constructor(open: (signal: AbortSignal) => Promise<WorkerClient<M>>) {
    this.#open = open;
  }

  async call<K extends keyof M & string>(
    method: K,
    ...args: Arguments<M[K]>
  ): Promise<Result<M[K]>> {
    this.#opened ??= this.#open(this.#isLate.signal);
    const opened = this.#opened;
    const thread = await opened.catch((error) => {
      if (this.#opened === opened) this.#opened = undefined;
      throw error;
    });
    return thread.methods[method](...args);
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.#isLate.abort(), CLOSE_MS);
    const thread = await this.#opened?.catch(() => undefined);
    clearTimeout(timer);
    await thread?.close(CLOSE_MS);
  }
}
