import type { WorkerClient } from './worker-client.ts';

/** After each chunk, the thread is free for commits for this many times as long as it took. */
const REST = 3;
/** How long to wait after a failure, a full disk for example. */
const RETRY_MS = 10_000;

/** Makes the writer thread delete what was cleared, between its commits. */
export class ClearedSweeper {
  readonly #thread: Pick<WorkerClient, 'ask'>;
  readonly #onSwept: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param onSwept is called when all of it is deleted */
  constructor(thread: Pick<WorkerClient, 'ask'>, onSwept: () => void) {
    this.#thread = thread;
    this.#onSwept = onSwept;
    // The server may have stopped before it was done.
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
