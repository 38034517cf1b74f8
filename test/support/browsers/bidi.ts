import { once } from 'node:events';
import { WebSocket } from 'ws';

type Params = Readonly<Record<string, unknown>>;
type OnEvent = (method: string, params: Params) => void;

/** A message from the browser: a command's response, or an event (WebDriver BiDi, section 3.4). */
interface BidiMessage {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: Params;
}

/** A WebDriver BiDi connection to a browser. */
export class Bidi {
  readonly #socket: WebSocket;
  readonly #onEvent: OnEvent;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  private constructor(socket: WebSocket, onEvent: OnEvent) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The browser has ended.'));
    });
  }

  static async connect(url: string, onEvent: OnEvent): Promise<Bidi> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    return new Bidi(socket, onEvent);
  }

  /** @throws the browser's error, if it cannot do it */
  send<T>(method: string, params: Params = {}): Promise<T> {
    const id = ++this.#lastId;
    const response = Promise.withResolvers<unknown>();
    this.#waiting.set(id, response);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return response.promise as Promise<T>;
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, type, result, error, message, method, params }: BidiMessage): void {
    if (type === 'event') this.#onEvent(method ?? '', params ?? {});
    const response = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (type === 'success') response?.resolve(result);
    else response?.reject(new Error(`${error}: ${message}`));
  }
}
