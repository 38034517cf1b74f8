import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Nothing that is measured takes this long; whatever does is aborted. */
const PATIENCE_MS = 60_000;
/** Of the received data, the end is stored for matching. */
const BUFFER_BYTES = 4_096;

/**
 * A response after which the connection stays open: a stream that has caught up, or has sent the
 * welcome of Tornado's `/chat`; or a 426 (upgrade required).
 */
export const END_OF_STREAM =
  /id="synced"|"type":"synced"|^HTTP\/1\.1 (?:101 .*\r\n\r\n.*[\da-f-]{36}|426 .*\r\n\r\n)/s;

/** A raw connection to the server that discards nearly all that it receives. */
export class Connection {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  #first = '';
  #last = '';
  #more = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => {
      if (this.#first.length < BUFFER_BYTES)
        this.#first += chunk.toString('latin1', 0, BUFFER_BYTES);
      this.#last = (this.#last + chunk.toString('latin1')).slice(-BUFFER_BYTES);
      this.#more.resolve();
      this.#more = Promise.withResolvers();
    });
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    // Errors are handled on close.
    socket.on('error', () => {});
    await once(socket, 'connect');
    return new Connection(socket);
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** The status of the response; empty if there was none. */
  get status(): string {
    return /^HTTP\/1\.1 (\d{3})/.exec(this.#first)?.[1] ?? '';
  }

  /** The latest data received. */
  get last(): string {
    return this.#last;
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  /** Stops reading. */
  stop(): void {
    this.#socket.pause();
  }

  /** Waits until the server has closed it, or until the start or the end of the data matches. */
  async ended(pattern?: RegExp): Promise<void> {
    const timer = setTimeout(() => this.#socket.destroy(), PATIENCE_MS);
    while (!this.isClosed && !this.#has(pattern)) {
      await Promise.race([this.#more.promise, this.#closed]);
    }
    clearTimeout(timer);
  }

  close(): void {
    this.#socket.destroy();
  }

  #has(pattern: RegExp | undefined): boolean {
    return pattern !== undefined && (pattern.test(this.#first) || pattern.test(this.#last));
  }
}
