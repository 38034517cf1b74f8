import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { User } from '../auth/user.ts';
import type { Admission } from '../core/admission.ts';
import type { Counters } from '../core/counters.ts';
import { type Cursor, parseCursor } from '../core/cursor.ts';
import type { Framing } from '../core/framing.ts';
import { type Connection, Waiter } from '../core/waiter.ts';
import type { ChatRoom } from '../features/rooms/chat-room.ts';
import type {
  ConnectionRegistry,
  RegisteredConnection,
  TransportParts,
} from './connection-registry.ts';
import { whenDrained } from './drained.ts';
import { FRAGMENT_HEADERS } from './fragment-headers.ts';
import { retry, sseFraming } from './framing/sse.ts';
import { logFailure } from './log-failure.ts';
import type { TransportRequest } from './transport-request.ts';

/** Disconnected clients reconnect after a random delay in this range, not all at once. */
const RETRY_MS = { least: 1_000, most: 4_000 } as const;

const HEAD = {
  ...FRAGMENT_HEADERS,
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx buffers a response unless it is asked not to.
  'X-Accel-Buffering': 'no',
} as const;

/** `GET /rooms/:room/events`, after the last event of the previous stream, or after a cursor. */
export function serveSse(exchange: TransportRequest, parts: TransportParts): void {
  const { request, response, room, user, address, admission, query, type } = exchange;
  const { connections, counters, logger, connectionLimiter } = parts;
  const last = request.headers['last-event-id'] ?? query.after;
  const after = last === undefined ? undefined : parseCursor(last);
  const release = connectionLimiter.acquire(address);
  response.once('close', release).writeHead(200, HEAD);
  if (connections.whyRefusing || request.method === 'HEAD') {
    // A browser gives up for good on any status but 200: it gets a stream that ends at once.
    response.end(retry(retryMs()));
    return;
  }
  const listening = { response, room, user, admission, framing: sseFraming(type) };
  new SseConnection({ ...listening, connections, counters, logger }).open(after);
}

interface SseOptions {
  readonly response: ServerResponse;
  readonly room: ChatRoom;
  readonly user: User | undefined;
  readonly admission: Admission;
  readonly framing: Framing;
  readonly connections: ConnectionRegistry;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** Server-sent events (HTML, section 9.2) to one client. */
export class SseConnection implements Connection, RegisteredConnection {
  readonly transport = 'sse';
  readonly #parts: SseOptions;
  readonly #waiter: Waiter;
  #draining: Promise<boolean> | undefined;

  constructor(parts: SseOptions) {
    const { response, room, user, admission, framing, connections } = parts;
    this.#parts = parts;
    this.#waiter = new Waiter(room, this, framing, admission);
    connections.add(this);
    room.subscribe(this.#waiter, user);
    response.once('close', () => {
      connections.delete(this);
      room.unsubscribe(this.#waiter);
    });
  }

  open(after: Cursor | undefined): Promise<void> {
    this.#parts.response.write(retry(retryMs()));
    return this.#waiter.start(after);
  }

  write(frames: Buffer): boolean {
    const { response } = this.#parts;
    if (!this.#isOpen || response.write(frames)) return true;
    if (!this.#draining) this.#parts.counters.slowReaders += 1;
    this.#draining ??= whenDrained(response).finally(() => {
      this.#draining = undefined;
    });
    return false;
  }

  whenDrained(): Promise<boolean> {
    return this.#draining ?? Promise.resolve(this.#isOpen);
  }

  /** Node calls a response writable even after it has ended. */
  get #isOpen(): boolean {
    const { response } = this.#parts;
    return response.writable && !response.writableEnded;
  }

  get user(): User | undefined {
    return this.#parts.user;
  }

  /** The next request gets the reason. */
  disconnect(): void {
    this.#parts.response.end();
  }

  fail(error: unknown): void {
    logFailure(this.#parts.logger, error);
    this.#parts.response.destroy();
  }

  heartbeat(): void {
    this.#waiter.heartbeat();
  }

  async close(withinMs: number): Promise<void> {
    const { response } = this.#parts;
    if (response.closed) return;
    const timer = setTimeout(() => response.destroy(), withinMs);
    await new Promise((resolve) => {
      response.once('close', resolve);
      response.end(retry(retryMs()));
    });
    clearTimeout(timer);
  }
}

function retryMs(): number {
  return RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least);
}
