import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { clientFrame, OPCODE, upgradeRequest } from '../../test/support/wire.ts';

/** All sockets read into one buffer: data is counted and not stored. */
const buffer = Buffer.alloc(256 * 1024);

/** A WebSocket that splits the data into frames, and decodes none. */
export abstract class BenchSocket {
  readonly #socket: Socket;
  #isOpen = false;
  /** The received part of an incomplete frame. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(port: number, path: string, headers: Readonly<Record<string, string>> = {}) {
    const onread = {
      buffer,
      callback: (length: number) => {
        this.#read(buffer.subarray(0, length));
        return true;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    // Errors are handled on close.
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => this.onClose());
    this.#socket.write(upgradeRequest(port, path, headers).request);
  }

  /** A whole text frame arrived: these bytes of a buffer that is reused. */
  protected abstract onText(data: Buffer, from: number, to: number): void;

  /** All frames of one read were handled. */
  protected onRead(): void {}

  /** The connection has ended. */
  protected onClose(): void {}

  /** Stops reading. */
  stopReading(): void {
    this.#socket.pause();
  }

  send(text: string): void {
    this.#socket.write(clientFrame(OPCODE.text, text));
  }

  async close(): Promise<void> {
    if (this.#socket.closed) return;
    this.#socket.destroy();
    await once(this.#socket, 'close');
  }

  #read(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    if (!this.#isOpen) {
      const end = data.indexOf('\r\n\r\n');
      this.#isOpen = end >= 0;
      data = this.#isOpen ? data.subarray(end + 4) : data;
    }
    const at = this.#isOpen ? this.#readFrames(data) : 0;
    this.#rest = Buffer.from(data.subarray(at));
    this.onRead();
  }

  /** Reads the whole frames and returns the offset of the first that is incomplete. */
  #readFrames(data: Buffer): number {
    let at = 0;
    for (;;) {
      const size = frameSize(data, at);
      if (size === undefined || at + size > data.length) return at;
      const opcode = (data[at] ?? 0) & 0x0f;
      if (opcode === OPCODE.ping) this.#socket.write(clientFrame(OPCODE.pong, ''));
      if (opcode === OPCODE.text) this.onText(data, at + headSize(data, at), at + size);
      at += size;
    }
  }
}

/** The size of the header of the frame there, of which two bytes have arrived. */
function headSize(data: Buffer, at: number): number {
  const short = data[at + 1] ?? 0;
  if (short < 126) return 2;
  return short === 126 ? 4 : 10;
}

/** The size of the frame there, header included, if that much of it has arrived. */
function frameSize(data: Buffer, at: number): number | undefined {
  const short = data[at + 1];
  if (short === undefined) return undefined;
  const head = headSize(data, at);
  if (head === 2) return 2 + short;
  if (data.length < at + head) return undefined;
  return head + (head === 4 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2)));
}
