import { setTimeout as sleep } from 'node:timers/promises';
import { ChatError } from '../../core/errors.ts';
import type { Client } from '../../storage/worker-client.ts';
import type { ChatChange, ChatLog } from '../change.ts';
import type { EraseRequests } from './erase-requests.ts';
import type { erasureQueries } from './erasure-queries.ts';

/** After each piece, the log is free for others for this many times as long as it took. */
const REST = 3;

interface Parts {
  readonly log: ChatLog;
  readonly queries: Client<ReturnType<typeof erasureQueries>>;
  /** What the operator requests with `typhoon erase`. */
  readonly requests: EraseRequests;
  /** How often that is looked for, and what failed is tried again. */
  readonly intervalMs: number;
}

/** Erases users in pieces, and goes on after a restart until nothing of them is left. */
export class Erasure {
  readonly #parts: Parts;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isPending = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#isPending = await this.#parts.queries.isErasing();
    this.#timer = setInterval(() => this.#check(), this.#parts.intervalMs);
    this.#check();
  }

  /** Applies what a commit changed. */
  apply(batch: readonly ChatChange[]): void {
    if (!batch.some(({ erased }) => erased)) return;
    this.#isPending = true;
    this.#check();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#running;
  }

  #check(): void {
    const isDue = this.#isPending || this.#parts.requests.isThere;
    if (!isDue || this.#isClosed) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** What can't be written now is left to the next check. */
  async #run(): Promise<void> {
    try {
      await this.#takeRequest();
      while (this.#isPending && !this.#isClosed) await this.#proceed();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  async #takeRequest(): Promise<void> {
    const { requests, log } = this.#parts;
    if (!requests.isThere) return;
    const uids = requests.read();
    // It may be in the middle of being written; removing it would say that it was done.
    if (uids.length === 0) return;
    await log.append({ kind: 'person-erased', uids, session: null });
    requests.remove();
  }

  async #proceed(): Promise<void> {
    const { log } = this.#parts;
    const start = performance.now();
    // Who asks from now on sets it again.
    this.#isPending = false;
    const isMore = await log.append({ kind: 'erasure-continued' }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ChatError && error.code === 'not-found') return false;
        this.#isPending = true;
        throw error;
      },
    );
    if (!isMore) return;
    this.#isPending = true;
    await this.#rest((performance.now() - start) * REST);
  }

  async #rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }
}
