import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { clientFrame, OPCODE, upgradeRequest } from '../../test/support/wire.ts';
import type { Dialect } from './contenders.ts';

/** All sockets read into one buffer: what comes is counted and not kept. */
const buffer = Buffer.alloc(256 * 1024);

/** A frame with more than this is a message; a uid and all that keeps a line alive has less. */
const MESSAGE_BYTES = 150;

/** How a waiter speaks with a server. */
const DIALECTS = {
  plain: {
    path: '/chat',
    say: (message: string) => JSON.stringify({ uid: '', message }),
    isPing: () => false,
    /** What is said to enter, when the server has said its first. */
    enter: undefined,
    isReady: (text: string) => text.length === 36,
  },
  // Engine.IO 4: `0` opens, `2` asks whether one is there, `3` answers; Socket.IO 5 is in `4`.
  'socket.io': {
    path: '/socket.io/?EIO=4&transport=websocket',
    say: (message: string) => `42${JSON.stringify(['message', { message }])}`,
    isPing: (text: string) => text === '2',
    enter: '40',
    isReady: (text: string) => text.startsWith('42["uid"'),
  },
} as const;

interface Hears {
  /** Messages came; before them there had been `from`. */
  onMessages(waiter: Waiter, from: number): void;
  /** The text of each message; without it nothing is decoded. */
  onText?: ((text: string) => void) | undefined;
}

/** One who waits for messages: counts the frames that come, without a look into them. */
export class Waiter {
  readonly socket: Socket;
  /** Messages that have come. */
  count = 0;
  hears: Hears;
  /** Ends when it is known to the server. */
  readonly ready: Promise<void>;
  readonly #dialect: (typeof DIALECTS)[Dialect];
  #isOpen = false;
  #isKnown = false;
  #entered: () => void = () => undefined;
  /** What came of a frame that has not come whole. */
  #rest: Buffer = Buffer.alloc(0);

  constructor({ port, dialect }: { port: number; dialect: Dialect }, hears: Hears) {
    this.hears = hears;
    this.#dialect = DIALECTS[dialect];
    const onread = {
      buffer,
      callback: (length: number) => {
        this.#read(buffer.subarray(0, length));
        return true;
      },
    };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.ready = new Promise((resolve, reject) => {
      this.#entered = resolve;
      this.socket.on('error', reject);
    });
    this.socket.write(upgradeRequest(port, this.#dialect.path).request);
  }

  say(message: string): void {
    this.socket.write(clientFrame(OPCODE.text, this.#dialect.say(message)));
  }

  async leave(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.destroy();
    await closed;
  }

  #read(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    if (!this.#isOpen) {
      const end = data.indexOf('\r\n\r\n');
      this.#isOpen = end >= 0;
      data = this.#isOpen ? data.subarray(end + 4) : data;
    }
    const from = this.count;
    const at = this.#isOpen ? this.#countFrames(data) : 0;
    this.#rest = Buffer.from(data.subarray(at));
    if (this.count > from) this.hears.onMessages(this, from);
  }

  /** Counts the whole frames and gives the place of the first that is not. */
  #countFrames(data: Buffer): number {
    let at = 0;
    for (;;) {
      const size = frameSize(data, at);
      if (size === undefined || at + size > data.length) return at;
      if (size > MESSAGE_BYTES && this.#isKnown) {
        this.count += 1;
        this.hears.onText?.(data.toString('utf8', at, at + size));
      } else if (size <= MESSAGE_BYTES) {
        this.#answer((data[at] ?? 0) & 0x0f, data.toString('utf8', at + 2, at + size));
      }
      at += size;
    }
  }

  /** What is no message belongs to the line. */
  #answer(opcode: number, text: string): void {
    const { isPing, enter, isReady } = this.#dialect;
    if (opcode === OPCODE.ping) this.socket.write(clientFrame(OPCODE.pong, ''));
    if (opcode !== OPCODE.text) return;
    if (isPing(text)) this.socket.write(clientFrame(OPCODE.text, '3'));
    if (enter && text.startsWith('0')) this.socket.write(clientFrame(OPCODE.text, enter));
    if (!this.#isKnown && isReady(text)) {
      this.#isKnown = true;
      this.#entered();
    }
  }
}

/** The size of the frame that begins there, head and all, if that much of it has come. */
function frameSize(data: Buffer, at: number): number | undefined {
  const short = data[at + 1];
  if (short === undefined) return undefined;
  if (short < 126) return 2 + short;
  if (short === 126) return data.length < at + 4 ? undefined : 4 + data.readUInt16BE(at + 2);
  return data.length < at + 10 ? undefined : 10 + Number(data.readBigUInt64BE(at + 2));
}
