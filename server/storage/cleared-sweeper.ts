import type { WorkerClient } from './worker-client.ts';

/** After each piece, the thread is free for commits so many times longer than that took. */
const REST = 3;
/** After what did not work, a full disk for example, it is tried again. */
const RETRY_MS = 10_000;

/** Has the thread that writes remove what was cleared away, between its commits. */
export class ClearedSweeper {
  readonly #thread: Pick<WorkerClient, 'ask'>;
  readonly #onSwept: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param onSwept is called when all of it is removed */
  constructor(thread: Pick<WorkerClient, 'ask'>, onSwept: () => void) {
    this.#thread = thread;
    this.#onSwept = onSwept;
    // The server may have ended before it was done.
    this.schedule();
  }

  /** A room was cleared. */
  schedule(): void {
    this.#timer ??= setTimeout(() => this.#sweep(), 0).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #sweep(): Promise<void> {
    const start = performance.now();
    const isMore = await this.#thread.ask('removeCleared').catch(() => undefined);
    this.#timer = undefined;
    if (isMore === false) this.#onSwept();
    if (isMore === false || this.#isClosed) return;
    const rest = isMore ? (performance.now() - start) * REST : RETRY_MS;
    this.#timer = setTimeout(() => this.#sweep(), rest).unref();
  }
}
