import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { clientFrame, OPCODE, upgradeRequest } from '../../test/support/wire.ts';

/** All sockets read into one buffer: what comes is counted and not kept. */
const buffer = Buffer.alloc(256 * 1024);

/** One who waits on `/chat`: counts the frames that come, without a look into them. */
export class BenchWaiter {
  readonly socket: Socket;
  /** Messages that have come. */
  count = 0;
  readonly #onMessages: (waiter: BenchWaiter, from: number) => void;
  readonly #onText: ((text: string) => void) | undefined;
  #isOpen = false;
  /** The uid is the first frame, and no message. */
  #hasUid = false;
  /** What came of a frame that has not come whole. */
  #rest: Buffer = Buffer.alloc(0);

  /**
   * @param onMessages hears that messages came, and how many there had been before
   * @param onText hears the text of each
   */
  constructor(
    port: number,
    onMessages: (waiter: BenchWaiter, from: number) => void,
    onText?: (text: string) => void,
  ) {
    this.#onMessages = onMessages;
    this.#onText = onText;
    const onread = {
      buffer,
      callback: (length: number) => {
        this.#read(buffer.subarray(0, length));
        return true;
      },
    };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.socket.write(upgradeRequest(port, '/chat').request);
  }

  /** Ends when the waiter is known to the server: its uid has come. */
  async ready(): Promise<void> {
    while (!this.#hasUid) await new Promise(setImmediate);
  }

  say(message: string): void {
    this.socket.write(clientFrame(OPCODE.text, JSON.stringify({ uid: '', message })));
  }

  async leave(): Promise<void> {
    this.socket.destroy();
    await once(this.socket, 'close');
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
    if (this.count > from) this.#onMessages(this, from);
  }

  /** Counts the whole frames and gives the place of the first that is not. */
  #countFrames(data: Buffer): number {
    let at = 0;
    for (;;) {
      const size = frameSize(data, at);
      if (size === undefined || at + size > data.length) return at;
      const opcode = (data[at] ?? 0) & 0x0f;
      if (opcode === OPCODE.ping) this.socket.write(clientFrame(OPCODE.pong, ''));
      if (opcode === OPCODE.text && this.#hasUid) {
        this.#onText?.(data.toString('utf8', at, at + size));
        this.count += 1;
      }
      this.#hasUid ||= opcode === OPCODE.text;
      at += size;
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
