import { deserialize } from 'node:v8';
import { CommitListeners } from '../core/commit-listeners.ts';
import { ChatError } from '../core/errors.ts';
import type { LogObserver, LogPosition, Undated } from '../core/log.ts';
import type { Accepted } from '../core/outcome.ts';
import { withTimeout } from '../core/with-timeout.ts';
import type { ChatChange, ChatLog } from '../features/change.ts';
import type { Event } from '../features/events.ts';
import type { ChannelToPrimary } from './methods.ts';

/** How long a cursor from another worker may be ahead. */
const REACH_MS = 3_000;

/**
 * The log of the primary, in a worker. All workers receive the same batches in the same order; what a
 * worker appends is published there before `append` resolves.
 */
export class WorkerLog implements ChatLog {
  readonly epoch: string;
  head: number;
  readonly #channel: ChannelToPrimary;
  readonly #listeners: CommitListeners<ChatChange>;
  readonly #appending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(channel: ChannelToPrimary, { epoch, head }: LogPosition, observer: LogObserver) {
    this.epoch = epoch;
    this.head = head;
    this.#channel = channel;
    this.#listeners = new CommitListeners(observer);
    channel.serve({ publish: (batch) => this.#publish(deserialize(batch)) });
  }

  /** Call it when the listeners are registered: they receive everything from now on. */
  async start(): Promise<void> {
    this.head = Math.max(this.head, await this.#channel.call('subscribe'));
  }

  async append(event: Undated<Event>): Promise<Accepted<ChatChange>> {
    if (this.#isClosed) throw new ChatError('shutting-down');
    const appending = this.#channel.call('append', event);
    this.#appending.add(appending);
    try {
      return await appending;
    } finally {
      this.#appending.delete(appending);
    }
  }

  async reach(seq: number, withinMs: number = REACH_MS): Promise<boolean> {
    if (seq <= this.head) return true;
    // A client has the number only after the primary has published it.
    await withTimeout(this.#channel.call('sync'), withinMs, () => {
      throw new ChatError('server-behind');
    });
    return seq <= this.head;
  }

  onCommit(onBatch: (batch: readonly ChatChange[]) => void): void {
    this.#listeners.add(onBatch);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#appending);
  }

  #publish(batch: readonly ChatChange[]): void {
    this.#listeners.publish(batch, (seq) => {
      this.head = seq;
    });
  }
}
