import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Admission } from '../auth/admission.ts';
import type { Person } from '../auth/user.ts';
import { type Cursor, readCursor } from '../core/cursor.ts';
import type { Encoding } from '../core/framing.ts';
import type { Room } from '../core/room.ts';
import { type Sink, Waiter } from '../core/waiter.ts';
import { wantsJson } from '../http/request/query.ts';
import type { Stream, Streams, TransportParts } from './connection-registry.ts';
import { drained } from './drained.ts';
import { BARE } from './fragment-headers.ts';
import { eventStreamHtml, eventStreamJson, retry } from './framing/sse.ts';
import type { Exchange } from './http-transports.ts';
import { logFailure } from './log-failure.ts';

/** Clients that are cut off come back after a while of chance between these, not all at once. */
const RETRY_MS = { least: 1_000, most: 4_000 } as const;

const HEAD = {
  ...BARE,
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx keeps an answer until it has some pages of it, unless it is asked not to.
  'X-Accel-Buffering': 'no',
} as const;

/** `GET /rooms/:room/events`, after the last event of the stream before it, or after a cursor. */
export function streamEvents(exchange: Exchange, parts: TransportParts): void {
  const { request, response, room, person, address, admission, query } = exchange;
  const { streams, logger, turnstile } = parts;
  const last = request.headers['last-event-id'] ?? query.after;
  const after = last === undefined ? undefined : readCursor(last);
  const release = turnstile.enter(address);
  response.once('close', release).writeHead(200, HEAD);
  if (streams.isClosed || request.method === 'HEAD') {
    // A browser gives a stream up for good on any status but 200: it gets one that ends at once.
    response.end(retry(retryMs()));
    return;
  }
  const encoding = wantsJson(request) ? eventStreamJson : eventStreamHtml;
  const listening = { response, room, person, admission, encoding };
  new EventStream({ ...listening, streams, logger }).open(after);
}

interface EventStreamParts {
  readonly response: ServerResponse;
  readonly room: Room;
  readonly person: Person | undefined;
  readonly admission: Admission;
  readonly encoding: Encoding;
  readonly streams: Streams;
  readonly logger: Logger;
}

/** Server-sent events (HTML, section 9.2) to one client. */
export class EventStream implements Sink, Stream {
  readonly #parts: EventStreamParts;
  readonly #waiter: Waiter;
  #draining: Promise<boolean> | undefined;

  constructor(parts: EventStreamParts) {
    const { response, room, admission, encoding, streams } = parts;
    this.#parts = parts;
    this.#waiter = new Waiter(room, this, encoding, admission);
    streams.add(this);
    room.enter(this.#waiter);
    response.once('close', () => {
      streams.delete(this);
      room.leave(this.#waiter);
    });
  }

  open(after: Cursor | undefined): Promise<void> {
    this.#parts.response.write(retry(retryMs()));
    return this.#waiter.start(after);
  }

  write(frames: Buffer): boolean {
    const { response } = this.#parts;
    if (!this.#isOpen || response.write(frames)) return true;
    this.#draining ??= drained(response).finally(() => {
      this.#draining = undefined;
    });
    return false;
  }

  drained(): Promise<boolean> {
    return this.#draining ?? Promise.resolve(this.#isOpen);
  }

  /** Node calls a response writable even when it has ended. */
  get #isOpen(): boolean {
    const { response } = this.#parts;
    return response.writable && !response.writableEnded;
  }

  get person(): Person | undefined {
    return this.#parts.person;
  }

  /** The next request hears why. */
  dismiss(): void {
    this.#parts.response.end();
  }

  fail(error: unknown): void {
    logFailure(this.#parts.logger, error);
    this.#parts.response.destroy();
  }

  beat(): void {
    this.#waiter.beat();
  }

  async end(withinMs: number): Promise<void> {
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
