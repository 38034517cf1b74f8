import { connect, type Socket } from 'node:net';

interface PendingRequest extends PromiseWithResolvers<string> {
  readonly request: string;
  /** Whether it was sent before, on a connection that the server had closed meanwhile. */
  isRetry: boolean;
}

/** An HTTP client with keep-alive connections: one request on each at a time. */
export class HttpClient {
  readonly #port: number;
  readonly #maxConnections: number;
  readonly #open = new Set<Socket>();
  readonly #free: Socket[] = [];
  readonly #waiting: PendingRequest[] = [];
  readonly #running = new Map<Socket, PendingRequest>();

  /** @param maxConnections the maximum number of connections */
  constructor(port: number, maxConnections: number) {
    this.#port = port;
    this.#maxConnections = maxConnections;
  }

  /**
   * Posts JSON and accepts JSON. The request may be sent twice, so it has to be idempotent.
   * @returns the body of the response
   * @throws Error if the request is refused
   */
  post(path: string, fields: object, token?: string): Promise<string> {
    const body = JSON.stringify(fields);
    const lines = [
      `POST ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${this.#port}`,
      'Content-Type: application/json',
      'Accept: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(token ? [`Authorization: Bearer ${token}`] : []),
    ];
    const request = `${lines.join('\r\n')}\r\n\r\n${body}`;
    const pending = { request, isRetry: false, ...Promise.withResolvers<string>() };
    this.#waiting.push(pending);
    this.#sendNext();
    return pending.promise;
  }

  /** Closes the connections. */
  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #sendNext(): void {
    const [pending] = this.#waiting;
    if (!pending) return;
    const socket = this.#free.pop() ?? this.#connect();
    if (!socket) return;
    this.#waiting.shift();
    this.#running.set(socket, pending);
    socket.write(pending.request);
  }

  #connect(): Socket | undefined {
    if (this.#open.size >= this.#maxConnections) return undefined;
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#open.add(socket);
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      const end = answer.indexOf('\r\n\r\n') + 4;
      const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1]);
      if (end < 4 || answer.length < end + length) return;
      const pending = this.#running.get(socket);
      this.#running.delete(socket);
      if (/^HTTP\/1\.1 2/.test(answer)) pending?.resolve(answer.slice(end));
      else pending?.reject(new Error(`The server refused: ${answer}`));
      answer = '';
      this.#free.push(socket);
      this.#sendNext();
    });
    // Errors are handled on close.
    socket.on('error', () => {});
    socket.once('close', () => this.#onClose(socket));
    return socket;
  }

  /** The server closes idle connections after some seconds, at times just as a request is sent. */
  #onClose(socket: Socket): void {
    const pending = this.#running.get(socket);
    this.#running.delete(socket);
    this.#open.delete(socket);
    const at = this.#free.indexOf(socket);
    if (at >= 0) this.#free.splice(at, 1);
    if (pending?.isRetry) pending.reject(new Error('The server closed the connection.'));
    else if (pending) this.#waiting.unshift({ ...pending, isRetry: true });
    this.#sendNext();
  }
}
