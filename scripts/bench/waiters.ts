import type { Dialect } from './contenders.ts';
import type { OnMessages, Sender } from './listener.ts';
import { BenchSocket } from './socket.ts';

/** A longer text is a message; a uid and heartbeats are shorter. */
const MESSAGE_BYTES = 150;

/** The protocols of the servers. */
const DIALECTS = {
  plain: {
    path: '/chat',
    encode: (message: string) => JSON.stringify({ uid: '', message }),
    answer: () => undefined,
    isReady: (text: string) => text.length === 36,
  },
  // Engine.IO 4: `0` opens, `2` is a ping, `3` a pong; Socket.IO 5 is in `4`.
  'socket.io': {
    path: '/socket.io/?EIO=4&transport=websocket',
    encode: (message: string) => `42${JSON.stringify(['message', { message }])}`,
    answer: (text: string) => (text === '2' ? '3' : text.startsWith('0') ? '40' : undefined),
    isReady: (text: string) => text.startsWith('42["uid"'),
  },
} as const;

/** Where waiters connect: a server, and optionally a room. */
export interface Target {
  readonly port: number;
  readonly dialect: Dialect;
  readonly room?: string;
}

/** A client on `/chat`: counts the frames, without decoding them. */
export class Waiter extends BenchSocket implements Sender {
  count = 0;
  onMessages: OnMessages = () => {};
  onMessage: ((text: string) => void) | undefined;
  readonly #dialect: (typeof DIALECTS)[Dialect];
  readonly #known = Promise.withResolvers<void>();
  #isKnown = false;
  /** Messages that were reported. */
  #reported = 0;

  constructor({ port, dialect, room }: Target) {
    const { path } = DIALECTS[dialect];
    super(port, room === undefined ? path : `${path}?room=${room}`);
    this.#dialect = DIALECTS[dialect];
    // Not every caller awaits it.
    this.ready.catch(() => {});
  }

  get ready(): Promise<void> {
    return this.#known.promise;
  }

  post(message: string): void {
    this.send(this.#dialect.encode(message));
  }

  protected override onText(data: Buffer, from: number, to: number): void {
    if (to - from > MESSAGE_BYTES) {
      this.count += 1;
      this.onMessage?.(data.toString('utf8', from, to));
    } else this.#handle(data.toString('utf8', from, to));
  }

  protected override onRead(): void {
    const from = this.#reported;
    this.#reported = this.count;
    if (this.count > from) this.onMessages(this.count, from);
  }

  protected override onClose(): void {
    this.#known.reject(new Error('The server closed the connection.'));
  }

  /** Handles what is not a message. */
  #handle(text: string): void {
    const answer = this.#dialect.answer(text);
    if (answer !== undefined) this.send(answer);
    if (this.#isKnown || !this.#dialect.isReady(text)) return;
    this.#isKnown = true;
    this.#known.resolve();
  }
}
