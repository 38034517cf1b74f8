import { LongPollingWaiter, SseWaiter } from './http-waiters.ts';
import { type Receiver, received, type Sender } from './listener.ts';
import type { Load, Result } from './load.ts';
import { Run } from './run.ts';
import type { MeasuredServer } from './server.ts';
import { type Target, Waiter } from './waiters.ts';

/** The transport of the receivers. */
export type LoadTransport = 'WebSocket' | 'SSE' | 'long polling';

const SENDERS = 10;
/** Connections opened at once. */
const AT_ONCE = 200;
const HTTP_WAITERS = { SSE: SseWaiter, 'long polling': LongPollingWaiter } as const;

export interface LoadClientsOptions {
  readonly transport?: LoadTransport;
  readonly room?: string;
  /** Messages of history that each receives on joining. */
  readonly history?: number;
  /** How many clients send. */
  readonly senders?: number;
}

/** Clients in one room, waiting for messages. */
export class LoadClients {
  readonly #server: MeasuredServer;
  /** The clients that read. */
  #receivers: readonly Receiver[];
  readonly #stalled: Receiver[] = [];
  /** Some of the receivers; or additional clients, if the transport is receive-only. */
  readonly #senders: readonly Sender[];

  private constructor(
    server: MeasuredServer,
    receivers: readonly Receiver[],
    senders: readonly Sender[],
  ) {
    this.#server = server;
    this.#receivers = receivers;
    this.#senders = senders;
  }

  static async connect(
    server: MeasuredServer,
    count: number,
    { transport = 'WebSocket', room, history = 0, senders = SENDERS }: LoadClientsOptions = {},
  ): Promise<LoadClients> {
    const { port, dialect } = server;
    const target: Target = { port, dialect, ...(room !== undefined && { room }) };
    const sockets = (size: number) => connected(size, history, () => new Waiter(target));
    if (transport === 'WebSocket') {
      const waiters = await sockets(count);
      return new LoadClients(server, waiters, waiters.slice(0, senders));
    }
    const receivers = await connected(count, history, () => new HTTP_WAITERS[transport](target));
    return new LoadClients(server, receivers, await sockets(senders));
  }

  /** Lets so many stop reading: they stay connected, and are not counted. */
  stopReading(count: number): void {
    const at = this.#receivers.length - count;
    for (const receiver of this.#receivers.slice(at)) {
      receiver.stopReading();
      this.#stalled.push(receiver);
    }
    this.#receivers = this.#receivers.slice(0, at);
  }

  /** Messages received by each client that reads. */
  get received(): number {
    return this.#receivers[0]?.count ?? 0;
  }

  run(load: Load): Promise<Result> {
    return new Run(this.#server, this.#receivers, this.#senders, load).result();
  }

  async close(): Promise<void> {
    const all = new Set([...this.#receivers, ...this.#stalled, ...this.#senders]);
    await Promise.all([...all].map((client) => client.close()));
  }
}

/** Opens so many clients, some at a time, and waits until each has the history. */
export async function connected<T extends Receiver>(
  count: number,
  history: number,
  open: () => T,
): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const more = Array.from({ length: Math.min(AT_ONCE, count - all.length) }, open);
    await Promise.all(more.map(({ ready }) => ready));
    await Promise.all(more.map((client) => received(client, history)));
    all.push(...more);
  }
  return all;
}
