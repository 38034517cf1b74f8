import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { OnMessages, Receiver } from './listener.ts';
import type { Target } from './waiters.ts';

/** All sockets read into one buffer: data is counted and not stored. */
const buffer = Buffer.alloc(256 * 1024);

const MESSAGE = Buffer.from('<article class="message');
const LIVE = Buffer.from('<div id="synced"');
const CURSOR = / data-cursor="([^"]+)"/;
const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /^content-length: (\d+)/im;
const MAX_WAIT_S = 60;

/** A client that follows a room over HTTP: it counts the starts of messages. */
abstract class HttpWaiter implements Receiver {
  count = 0;
  onMessages: OnMessages = () => {};
  protected readonly target: Target;
  readonly #socket: Socket;
  readonly #known = Promise.withResolvers<void>();

  constructor(place: Target) {
    this.target = place;
    const onread = {
      buffer,
      callback: (length: number) => {
        this.onBytes(buffer.subarray(0, length));
        return true;
      },
    };
    this.#socket = connect({ port: place.port, host: '127.0.0.1', noDelay: true, onread });
    // Errors are handled on close.
    this.#socket.on('error', () => {});
    this.#socket.once('close', () =>
      this.#known.reject(new Error('The server closed the connection.')),
    );
    this.ready.catch(() => {});
  }

  get ready(): Promise<void> {
    return this.#known.promise;
  }

  stopReading(): void {
    this.#socket.pause();
  }

  async close(): Promise<void> {
    if (this.#socket.closed) return;
    this.#socket.destroy();
    await once(this.#socket, 'close');
  }

  /** Data arrived, in a buffer that is reused. */
  protected abstract onBytes(data: Buffer): void;

  protected request(path: string): void {
    const { port, room = 'lobby' } = this.target;
    this.#socket.write(`GET /rooms/${room}/${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  }

  protected setReady(): void {
    this.#known.resolve();
  }

  /** Counts the messages that start in the data. */
  protected countIn(data: Buffer): void {
    const from = this.count;
    for (let at = data.indexOf(MESSAGE); at >= 0; at = data.indexOf(MESSAGE, at + 1)) {
      this.count += 1;
    }
    if (this.count > from) this.onMessages(this.count, from);
  }
}

export class SseWaiter extends HttpWaiter {
  /** The end of the data may be the start of a marker: too short to be counted twice. */
  #rest: Buffer = Buffer.alloc(0);
  #isLive = false;

  constructor(place: Target) {
    super(place);
    this.request('events');
  }

  protected override onBytes(chunk: Buffer): void {
    const data = Buffer.concat([this.#rest, chunk]);
    this.countIn(data);
    if (!this.#isLive && data.includes(LIVE)) {
      this.#isLive = true;
      this.setReady();
    }
    this.#rest = Buffer.from(data.subarray(Math.max(0, data.length - MESSAGE.length + 1)));
  }
}

export class LongPollingWaiter extends HttpWaiter {
  #answer: Buffer = Buffer.alloc(0);

  constructor(place: Target) {
    super(place);
    this.request('messages');
  }

  protected override onBytes(chunk: Buffer): void {
    this.#answer = Buffer.concat([this.#answer, chunk]);
    const answer = this.#answer;
    const start = answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
    const [, length] = LENGTH.exec(answer.toString('latin1', 0, start)) ?? [];
    if (start < END_OF_HEAD.length || answer.length < start + Number(length)) return;
    this.#answer = Buffer.alloc(0);
    const [, cursor] = CURSOR.exec(answer.toString('latin1', answer.length - 200)) ?? [];
    this.request(`messages?after=${cursor}&wait=${MAX_WAIT_S}`);
    this.setReady();
    this.countIn(answer);
  }
}
