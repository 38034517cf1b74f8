import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StartError } from '../errors.ts';
import type { Answer, Call, Calls, ThreadData } from './thread.ts';

/** The outside of a store thread. Half a server is none: if the thread dies, so does the process. */
export class StoreThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastCall = 0;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: Answer) => {
      const call = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) call?.reject(new Error(answer.error));
      else call?.resolve(answer.result);
    });
    worker.on('error', (error) => {
      throw error;
    });
  }

  /** @throws StartError where the file cannot be opened */
  static async open(data: ThreadData): Promise<StoreThread> {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data });
    try {
      await once(worker, 'message');
    } catch (error) {
      const isOurs = error instanceof Error && error.name === 'StartError';
      throw isOurs ? new StartError(error.message) : error;
    }
    return new StoreThread(worker);
  }

  /** Has the thread call a method. Rejects with what it threw. */
  ask<K extends keyof Calls>(method: K, ...args: Parameters<Calls[K]>) {
    const call: Call = { id: ++this.#lastCall, method, args };
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(call.id, waiting);
    this.#worker.postMessage(call);
    return waiting.promise as Promise<ReturnType<Calls[K]>>;
  }

  /** Lets the calls before it end, closes the file and ends the thread. */
  async close(): Promise<void> {
    const ended = once(this.#worker, 'exit');
    await this.ask('close');
    await ended;
  }
}
