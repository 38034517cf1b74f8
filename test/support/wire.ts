import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** The WebSocket protocol (RFC 6455) from the client's side, byte by byte, without a library. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A client's frame: always masked (section 5.3). */
export function clientFrame(opcode: number, payload: Buffer | string, isFinal = true): Buffer {
  const data = Buffer.from(payload);
  const mask = randomBytes(4);
  const head = Buffer.concat([
    Buffer.from([(isFinal ? 0x80 : 0) | opcode]),
    lengthBytes(data.length),
    mask,
  ]);
  return Buffer.concat([head, data.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  bytes[0] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (bytes.length === 3) bytes.writeUInt16BE(length, 1);
  if (bytes.length === 9) bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** An upgrade request to WebSocket (section 4.1), and the key in it. */
export function upgradeRequest(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): { readonly request: string; readonly key: string } {
  const key = randomBytes(16).toString('base64');
  const all = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return { request: `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, key };
}

export interface Frame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** How the length was written: in 7, 16 or 64 bits. */
  readonly lengthBits: 7 | 16 | 64;
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly size: number;
}

/** The frame at the start of the bytes (section 5.2), if it is complete. It is not masked. */
export function readFrame(bytes: Buffer): Frame | undefined {
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBits = short < 126 ? 7 : short === 126 ? 16 : 64;
  const start = lengthBits === 7 ? 2 : 2 + lengthBits / 8;
  if (bytes.length < start) return undefined;
  const length = lengthBits === 7 ? short : Number(`0x${bytes.toString('hex', 2, start)}`);
  const size = start + length;
  if (bytes.length < size) return undefined;
  return {
    isFinal: (first & 0x80) !== 0,
    opcode: first & 0x0f,
    isMasked: (second & 0x80) !== 0,
    lengthBits,
    payload: bytes.subarray(start, size),
    size,
  };
}

/** A connection that has requested an upgrade and reads the data byte by byte. */
export class RawClient {
  readonly socket: Socket;
  readonly key: string;
  readonly #closed: Promise<undefined>;
  #bytes: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, key: string) {
    this.socket = socket;
    this.key = key;
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve(undefined)));
  }

  /** Resolves when the connection has ended. */
  get closed(): Promise<undefined> {
    return this.#closed;
  }

  /** Connects and sends the upgrade. The head of the response is the first thing to read. */
  static async open(
    t: TestContext,
    port: number,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawClient> {
    const { request, key } = upgradeRequest(port, path, headers);
    return RawClient.raw(t, port, request, key);
  }

  /** Connects and sends the given bytes. */
  static async raw(t: TestContext, port: number, bytes: string, key = ''): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    t.after(() => socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(bytes);
    return new RawClient(socket, key);
  }

  send(opcode: number, payload: Buffer | string, isFinal = true): void {
    this.socket.write(clientFrame(opcode, payload, isFinal));
  }

  post(message: string): void {
    this.send(OPCODE.text, JSON.stringify({ uid: 'ignored', message }));
  }

  /** The head of the HTTP response. */
  async head(): Promise<string> {
    while (!this.#bytes.includes('\r\n\r\n')) await this.#more();
    const head = this.#consume(this.#bytes.indexOf('\r\n\r\n') + 4);
    return head.toString('latin1');
  }

  /** The next frame, as it is on the wire. */
  async frame(): Promise<Frame> {
    for (;;) {
      const frame = readFrame(this.#bytes);
      if (frame) {
        this.#consume(frame.size);
        return frame;
      }
      await this.#more();
    }
  }

  /** The text of the next frame, which has to be a text frame. */
  async text(): Promise<string> {
    const { opcode, payload } = await this.frame();
    if (opcode !== OPCODE.text) throw new Error(`Received a frame of opcode ${opcode}.`);
    return payload.toString();
  }

  /** The code of the next close frame, skipping other frames. */
  async closeCode(): Promise<number> {
    for (;;) {
      const { opcode, payload } = await this.frame();
      if (opcode === OPCODE.close) return payload.readUInt16BE();
    }
  }

  async #more(): Promise<void> {
    const chunk: Buffer | null = this.socket.read();
    if (chunk) this.#bytes = Buffer.concat([this.#bytes, chunk]);
    else if (this.socket.destroyed) throw new Error('The server closed the connection.');
    else await Promise.race([once(this.socket, 'readable'), this.#closed]);
  }

  #consume(length: number): Buffer {
    const consumed = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return consumed;
  }
}
