import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StartupError } from '../core/errors.ts';
import type { WentBack } from './log-guard.ts';
import { StorageError } from './storage-error.ts';
import type { Answer, Call, Calls, WorkerData } from './worker.ts';

/** Is notified of failures in the store. */
export interface StoreObserver {
  /** The log has lost changes that it once had: it continues under a new epoch. */
  logWentBack(wentBack: WentBack): void;
  /** Something could not be read or written; the caller gets the error, too. */
  callFailed(method: keyof Calls, error: StorageError): void;
  /** A thread ended by itself. The server cannot do without it, and has to shut down. */
  threadDied(error: unknown): void;
}

/** The client of a store thread. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown> & Pick<Call, 'method'>>();
  readonly #observer: StoreObserver;
  #lastCall = 0;
  #isClosed = false;

  private constructor(worker: Worker, observer: StoreObserver) {
    this.#worker = worker;
    this.#observer = observer;
    worker.on('message', (answer: Answer) => {
      const call = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (!call) return;
      if ('error' in answer) this.#fail(call, new StorageError(answer.error, answer.failure));
      else call.resolve(answer.result);
    });
    let reason: unknown;
    worker.on('error', (error) => {
      reason = error;
    });
    worker.on('exit', (code) => this.#exited(reason ?? new Error(`exit code ${code}`)));
  }

  /** @throws StartupError where the file cannot be opened */
  static async open(data: WorkerData, observer: StoreObserver): Promise<WorkerClient> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data });
    try {
      await once(worker, 'message');
    } catch (error) {
      const isOurs = error instanceof Error && error.name === 'StartupError';
      throw isOurs ? new StartupError(error.message) : error;
    }
    return new WorkerClient(worker, observer);
  }

  /** Calls a method in the thread. Rejects with what it threw. */
  ask<K extends keyof Calls>(method: K, ...args: Parameters<Calls[K]>) {
    const call: Call = { id: ++this.#lastCall, method, args };
    const waiting = { method, ...Promise.withResolvers<unknown>() };
    if (this.#isClosed) waiting.reject(ended(method));
    this.#waiting.set(call.id, waiting);
    this.#worker.postMessage(call);
    return waiting.promise as Promise<ReturnType<Calls[K]>>;
  }

  /**
   * Finishes earlier calls, closes the file and ends the thread.
   * @param withinMs ends it after this time whatever it does: for one whose work may stop anywhere
   */
  async close(withinMs?: number): Promise<void> {
    if (this.#isClosed) return;
    const exit = once(this.#worker, 'exit');
    const closed = this.ask('close');
    this.#isClosed = true;
    const end = () => void this.#worker.terminate();
    const timer = withinMs === undefined ? undefined : setTimeout(end, withinMs);
    try {
      await closed;
      await exit;
    } catch (error) {
      if (withinMs === undefined) throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #fail(
    { method, reject }: Pick<Call, 'method'> & PromiseWithResolvers<unknown>,
    error: StorageError,
  ) {
    reject(error);
    this.#observer.callFailed(method, error);
  }

  /** Calls that wait for the thread will not be answered any more. */
  #exited(reason: unknown): void {
    for (const { method, reject } of this.#waiting.values()) reject(ended(method));
    this.#waiting.clear();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#observer.threadDied(reason);
  }
}

function ended(method: keyof Calls): StorageError {
  return new StorageError(`${method}: the thread of the store has ended`, 'write-failed');
}
