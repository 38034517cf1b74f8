import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { StartupError } from '../core/errors.ts';
import type { WentBack } from './log-guard.ts';
import { StorageError } from './storage-error.ts';
import type { Answer, Call, Ready } from './worker.ts';

/** Is notified of failures in the store. */
export interface StoreObserver {
  /** The log has lost changes that it once had: it continues under a new epoch. */
  logWentBack(wentBack: WentBack): void;
  /** Something could not be read or written; the caller gets the error, too. */
  callFailed(method: string, error: StorageError): void;
  /** A thread ended by itself. The server cannot do without it, and has to shut down. */
  threadDied(error: unknown): void;
}

/** The methods of a thread, as they are called from the event loop. */
export type Client<M> = {
  readonly [K in keyof M]: (...args: Arguments<M[K]>) => Promise<Result<M[K]>>;
};

/** The methods of a client, as the thread has them. */
export type Served<C> = {
  readonly [K in keyof C]: C[K] extends (...args: infer A) => Promise<infer R>
    ? (...args: A) => R
    : never;
};

export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
export type Result<F> = F extends (...args: never) => infer R ? R : never;

/** The client of a store thread, which has the methods `M`. */
export class WorkerClient<M extends object> {
  /** Its methods. A call rejects with what the method threw. */
  readonly methods: Client<M>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown> & Pick<Call, 'method'>>();
  readonly #observer: StoreObserver;
  #lastCall = 0;
  #isClosed = false;

  private constructor(worker: Worker, { methods }: Ready, observer: StoreObserver) {
    // The thread reports their names: they are declared where they are implemented, and nowhere else.
    const calls = methods.map((name) => [
      name,
      (...args: readonly unknown[]) => this.#call(name, args),
    ]);
    this.methods = Object.fromEntries(calls);
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

  /**
   * @param module runs in the thread, and serves its methods
   * @param workerData what it needs for that
   * @param signal ends the thread if it is not open yet
   * @throws StartupError where the file cannot be opened, StorageError where the signal ended it
   */
  static async open<M extends object>(
    module: URL,
    workerData: unknown,
    observer: StoreObserver,
    signal = new AbortController().signal,
  ): Promise<WorkerClient<M>> {
    const worker = new Worker(module, { workerData });
    try {
      const [ready] = await once(worker, 'message', { signal });
      return new WorkerClient<M>(worker, ready, observer);
    } catch (error) {
      if (signal.aborted) {
        // What it reports from now on concerns nobody.
        worker.on('error', () => {});
        void worker.terminate();
        throw ended('open');
      }
      const isOurs = error instanceof Error && error.name === 'StartupError';
      throw isOurs ? new StartupError(error.message) : error;
    }
  }

  #call(method: string, args: readonly unknown[]): Promise<unknown> {
    const call: Call = { id: ++this.#lastCall, method, args };
    const waiting = { method, ...Promise.withResolvers<unknown>() };
    if (this.#isClosed) waiting.reject(ended(method));
    this.#waiting.set(call.id, waiting);
    this.#worker.postMessage(call);
    return waiting.promise;
  }

  /**
   * Finishes earlier calls, closes the file and ends the thread.
   * @param withinMs ends it after this time whatever it does: for one whose work may stop anywhere
   */
  async close(withinMs?: number): Promise<void> {
    if (this.#isClosed) return;
    const exit = once(this.#worker, 'exit');
    const closed = this.#call('close', []);
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

function ended(method: string): StorageError {
  return new StorageError(`${method}: the thread of the store has ended`, 'write-failed');
}
