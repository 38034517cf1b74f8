import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from '../core/change.ts';
import { ChatError } from '../core/errors.ts';
import type { Accepted, Outcome } from '../core/outcome.ts';
import { MAX_ENTRY_EVENTS } from '../core/replication.ts';

/** Events that may wait; more are refused. */
const MAX_PENDING = 10_000;
/** The engine takes messages of up to 1 MB. */
const MAX_ENTRY_BYTES = 512 * 1024;
/** After this time a caller is told that its event is not confirmed, wherever it is. */
const CONFIRM_MS = 20_000;
const RETRY_MS = 250;
const CHECK_MS = 500;

interface PendingAppend<C extends Change> extends PromiseWithResolvers<Accepted<C>> {
  /** The event, as JSON. */
  readonly text: string;
  readonly endMs: number;
}

interface Parts<C extends Change> {
  /** Resolves when a quorum has the entry. @throws where that is not known */
  readonly publish: (id: string, events: string) => Promise<void>;
  /** Whether there is a connection to publish over. */
  readonly isConnected: () => boolean;
  /** The outcome of an event of this node. */
  readonly settle: (pending: PromiseWithResolvers<Accepted<C>>, outcome: Outcome<C>) => void;
}

/**
 * Appends events to the log of the cluster: what was gathered while an entry was on its way goes into
 * the next. One is on its way at a time, so that the events of a node stay in their order. An event is
 * done when its entry has come back and was applied here.
 */
export class EntryPublisher<C extends Change> {
  readonly #parts: Parts<C>;
  /** Entry ids are of this run: a node that starts again is another sender. */
  readonly #run = randomBytes(9).toString('base64url');
  readonly #timer: NodeJS.Timeout;
  #lastId = 0;
  #waiting: PendingAppend<C>[] = [];
  /** Entries that were sent and have not come back, by their ids. */
  readonly #sent = new Map<string, readonly PendingAppend<C>[]>();
  #running: Promise<void> | undefined;
  #isClosed = false;
  #onSettled: (() => void) | undefined;

  constructor(parts: Parts<C>) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#expire(), CHECK_MS).unref();
  }

  append(event: unknown): Promise<Accepted<C>> {
    if (this.#isClosed) return Promise.reject(new ChatError('shutting-down'));
    if (this.#waiting.length >= MAX_PENDING) return Promise.reject(new ChatError('overloaded'));
    const endMs = performance.now() + CONFIRM_MS;
    const pending = {
      ...{ text: JSON.stringify(event), endMs },
      ...Promise.withResolvers<Accepted<C>>(),
    };
    this.#waiting.push(pending);
    this.#running ??= this.#sendAll();
    return pending.promise;
  }

  /** An entry has come back, and these are its outcomes. */
  settle(id: string, outcomes: readonly Outcome<C>[]): void {
    const own = this.#sent.get(id);
    if (!own) return;
    this.#sent.delete(id);
    for (const [index, pending] of own.entries()) {
      const outcome = outcomes[index];
      if (outcome) this.#parts.settle(pending, outcome);
    }
    this.#onSettled?.();
  }

  /** Resolves when all that was appended is settled, one way or another. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#running || this.#sent.size > 0) {
      await (this.#running ?? new Promise<void>((resolve) => (this.#onSettled = resolve)));
    }
    clearInterval(this.#timer);
  }

  async #sendAll(): Promise<void> {
    // Everything from this turn of the event loop goes into the first entry.
    await new Promise(setImmediate);
    for (let group = this.#next(); group.length > 0; group = this.#next()) {
      this.#lastId += 1;
      await this.#send(`${this.#run}.${this.#lastId}`, group);
    }
    this.#running = undefined;
  }

  /** The events of the next entry. */
  #next(): readonly PendingAppend<C>[] {
    let bytes = 0;
    let count = 0;
    for (const { text } of this.#waiting.slice(0, MAX_ENTRY_EVENTS)) {
      bytes += Buffer.byteLength(text) + 1;
      if (count > 0 && bytes > MAX_ENTRY_BYTES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Sends an entry again and again, until it is known to be there or its callers have given up. */
  async #send(id: string, group: readonly PendingAppend<C>[]): Promise<void> {
    const entry = `[${group.map(({ text }) => text).join(',')}]`;
    this.#sent.set(id, group);
    while (this.#sent.has(id)) {
      if (this.#parts.isConnected()) {
        const isThere = await this.#parts.publish(id, entry).then(
          () => true,
          () => false,
        );
        if (isThere) return;
      }
      await wait(RETRY_MS);
    }
  }

  /** Tells callers what is not known in time, or will not be tried any more. */
  #expire(): void {
    const now = performance.now();
    const isLate = ({ endMs }: PendingAppend<C>) => endMs <= now;
    // What was never sent is not in the log, and never will be.
    const unsent = this.#waiting.filter(isLate);
    if (unsent.length > 0) this.#waiting = this.#waiting.filter((pending) => !isLate(pending));
    for (const { reject } of unsent) reject(new ChatError('not-saved'));
    for (const [id, group] of [...this.#sent]) {
      if (!group.some(isLate)) continue;
      this.#sent.delete(id);
      for (const { reject } of group) reject(new ChatError('unconfirmed'));
      this.#onSettled?.();
    }
  }
}
