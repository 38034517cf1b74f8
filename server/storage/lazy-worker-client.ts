import type { Calls, WorkerData } from './worker.ts';
import { type StoreObserver, WorkerClient } from './worker-client.ts';

/**
 * What such a thread does can stop anywhere, and be done again: on a busy machine, where its priority
 * keeps it waiting, the end of the server does not wait with it.
 */
const CLOSE_MS = 2_000;

/**
 * A store thread that is opened when it is first asked something: a start waits for no more threads
 * than it takes to serve a page. Where it could not be opened, the next to ask tries again.
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
