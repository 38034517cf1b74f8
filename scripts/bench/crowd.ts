import { EventStreamWaiter, LongPollWaiter } from './http-waiters.ts';
import { hasHeard, type Listener, type Speaker } from './listener.ts';
import type { Load, Result } from './load.ts';
import { Run } from './run.ts';
import type { MeasuredServer } from './server.ts';
import { type Place, Waiter } from './waiters.ts';

/** The transport of the listeners. */
export type Way = 'WebSocket' | 'event stream' | 'long poll';

const SPEAKERS = 10;
/** Connections opened at once. */
const AT_ONCE = 200;
const HTTP_WAITERS = { 'event stream': EventStreamWaiter, 'long poll': LongPollWaiter } as const;

export interface Gathering {
  readonly way?: Way;
  readonly room?: string;
  /** Messages of history that each receives on joining. */
  readonly history?: number;
}

/** Clients in one room, waiting for messages. */
export class Crowd {
  readonly #server: MeasuredServer;
  /** Those who read. */
  #listeners: readonly Listener[];
  readonly #stopped: Listener[] = [];
  /** Some of the listeners; or additional clients, if the transport is receive-only. */
  readonly #speakers: readonly Speaker[];

  private constructor(
    server: MeasuredServer,
    listeners: readonly Listener[],
    speakers: readonly Speaker[],
  ) {
    this.#server = server;
    this.#listeners = listeners;
    this.#speakers = speakers;
  }

  static async gather(
    server: MeasuredServer,
    count: number,
    { way = 'WebSocket', room, history = 0 }: Gathering = {},
  ): Promise<Crowd> {
    const { port, dialect } = server;
    const place: Place = { port, dialect, ...(room !== undefined && { room }) };
    const sockets = (size: number) => gathered(size, history, () => new Waiter(place));
    if (way === 'WebSocket') {
      const waiters = await sockets(count);
      return new Crowd(server, waiters, waiters.slice(0, SPEAKERS));
    }
    const listeners = await gathered(count, history, () => new HTTP_WAITERS[way](place));
    return new Crowd(server, listeners, await sockets(SPEAKERS));
  }

  /** So many stop reading: they stay connected, and are not counted. */
  stop(count: number): void {
    const at = this.#listeners.length - count;
    for (const listener of this.#listeners.slice(at)) {
      listener.stop();
      this.#stopped.push(listener);
    }
    this.#listeners = this.#listeners.slice(0, at);
  }

  /** Messages received by each client that reads. */
  get heard(): number {
    return this.#listeners[0]?.count ?? 0;
  }

  run(load: Load): Promise<Result> {
    return new Run(this.#server, this.#listeners, this.#speakers, load).result();
  }

  async leave(): Promise<void> {
    const all = new Set([...this.#listeners, ...this.#stopped, ...this.#speakers]);
    await Promise.all([...all].map((one) => one.leave()));
  }
}

async function gathered<T extends Listener>(
  count: number,
  history: number,
  enter: () => T,
): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const more = Array.from({ length: Math.min(AT_ONCE, count - all.length) }, enter);
    await Promise.all(more.map(({ ready }) => ready));
    await Promise.all(more.map((one) => hasHeard(one, history)));
    all.push(...more);
  }
  return all;
}
