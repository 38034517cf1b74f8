import { setTimeout as sleep } from 'node:timers/promises';
import { ChatError } from '../../core/errors.ts';
import type { Client } from '../../storage/worker-client.ts';
import type { ChatLog } from '../change.ts';
import type { ExpiringRooms, retentionQueries } from './retention-queries.ts';

/** After each piece, the log is free for others for this many times as long as it took. */
const REST = 3;

interface Parts {
  readonly log: ChatLog;
  readonly queries: Pick<Client<ReturnType<typeof retentionQueries>>, 'expiringRooms'>;
  /** How long the server keeps messages; `null`: without end. */
  readonly keepDays: number | null;
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Lets messages expire that are older than they are kept, from time to time. */
export class Retention {
  readonly #parts: Parts;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    const run = () => {
      this.#running ??= this.sweep().finally(() => {
        this.#running = undefined;
      });
    };
    this.#timer = setInterval(run, this.#parts.intervalMs);
    run();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#running;
  }

  /** Removes all that has expired; what can't be removed now is left to the next time. */
  async sweep(): Promise<void> {
    const { queries, keepDays, now = Date.now } = this.#parts;
    let after: string | null = '';
    while (after !== null && !this.#isClosed) {
      // The store reports read errors.
      const found: ExpiringRooms | undefined = await queries
        .expiringRooms(after, now(), keepDays)
        .catch(() => undefined);
      for (const room of found?.rooms ?? []) await this.#expire(room);
      after = found?.last ?? null;
    }
  }

  /** Removes the expired messages of a room, a piece at a time. */
  async #expire(room: string): Promise<void> {
    const { log, keepDays } = this.#parts;
    while (!this.#isClosed) {
      const start = performance.now();
      try {
        await log.append({ kind: 'messages-expired', room, keepDays });
      } catch (error) {
        // Nothing is left, or nothing can be written now.
        if (error instanceof ChatError) return;
        throw error;
      }
      await this.#rest((performance.now() - start) * REST);
    }
  }

  async #rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }
}
