import type { Calls, WorkerData } from './worker.ts';
import { type StoreObserver, WorkerClient } from './worker-client.ts';

/**
 * The work of such a thread can stop anywhere and be repeated: on a busy machine, where its low
 * priority keeps it waiting, a shutdown does not wait for it.
 */
const CLOSE_MS = 2_000;

/**
 * A store thread that is opened on first use: a start waits only for the threads that it takes to
 * serve a page. Where it could not be opened, the next call tries again.
 */
export class LazyWorkerClient {
  readonly #data: WorkerData;
  readonly #observer: StoreObserver;
  #opened: Promise<WorkerClient> | undefined;

  constructor(data: WorkerData, observer: StoreObserver) {
    this.#data = data;
    this.#observer = observer;
  }

  async ask<K extends keyof Calls>(method: K, ...args: Parameters<Calls[K]>) {
    this.#opened ??= WorkerClient.open(this.#data, this.#observer);
    const opened = this.#opened;
    const thread = await opened.catch((error) => {
      if (this.#opened === opened) this.#opened = undefined;
      throw error;
    });
    return thread.ask(method, ...args);
  }

  async close(): Promise<void> {
    const thread = await this.#opened?.catch(() => undefined);
    await thread?.close(CLOSE_MS);
  }
}
