import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';

/** Whether a frame is ephemeral: presence, room state, one’s own mute or live reactions. */
export function isEphemeral(text: string): boolean {
  return /^(<div id="(room-state|presence-count|presence-reset|mute|live-reactions)"|<li class="member|\{"type":"(room-state|presence-count|presence|presence-reset|mute|live-reactions)")/.test(
    text,
  );
}

/** A WebSocket client: it collects the frames it receives, and can wait for more. */
export class Client {
  readonly ws: WebSocket;
  /** All text frames received, in order, without the ephemeral ones. */
  readonly frames: string[] = [];
  /** The ephemeral ones. */
  readonly ephemeralFrames: string[] = [];
  readonly #closed: Promise<number>;
  #frameReceived = Promise.withResolvers<void>();

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data) => {
      const text = data.toString();
      (isEphemeral(text) ? this.ephemeralFrames : this.frames).push(text);
      this.#frameReceived.resolve();
      this.#frameReceived = Promise.withResolvers();
    });
    ws.on('error', () => {});
    this.#closed = new Promise((resolve) => ws.once('close', resolve));
  }

  /** Waits for the close. Returns its code. */
  get closed(): Promise<number> {
    return this.#closed;
  }

  post(message: string, cid?: string): void {
    this.send(JSON.stringify({ message, cid }));
  }

  /** Posts messages, and waits until they have come back. */
  async postAndReceive(...messages: readonly string[]): Promise<void> {
    const cids = messages.map(() => randomUUID());
    for (const [index, message] of messages.entries()) this.post(message, cids[index]);
    await this.until((frames) => {
      const received = new Set(frames.map((frame) => parseFragment(frame).cid));
      return cids.every((cid) => received.has(cid));
    });
  }

  send(text: string): void {
    this.ws.send(text);
  }

  /** Waits until that many frames have been received, and returns them all. */
  async waitForFrames(count: number): Promise<readonly string[]> {
    return this.until((frames) => frames.length >= count);
  }

  /** Waits until the frames received are enough. */
  async until(isEnough: (frames: readonly string[]) => boolean): Promise<readonly string[]> {
    await this.#wait(() => isEnough(this.frames));
    return this.frames;
  }

  /** Waits until the ephemeral frames received are enough. */
  async untilEphemeral(
    isEnough: (frames: readonly string[]) => boolean,
  ): Promise<readonly string[]> {
    await this.#wait(() => isEnough(this.ephemeralFrames));
    return this.ephemeralFrames;
  }

  async #wait(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      const code = await Promise.race([this.#frameReceived.promise, this.#closed]);
      if (typeof code === 'number' && !isEnough()) throw new Error(`Closed with ${code}`);
    }
  }
}

interface Options {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Connects to a server on this machine; closed at the end of the test. */
export async function join(
  t: TestContext,
  port: number,
  path: string,
  { protocols = [], headers = {} }: Options = {},
): Promise<Client> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...protocols], { headers });
  t.after(() => ws.terminate());
  const client = new Client(ws);
  await once(ws, 'open');
  return client;
}

/** How a server refuses an upgrade: the status, the headers, and the body. */
export async function rejectedUpgrade(
  port: number,
  path: string,
  headers: Record<string, string> = {},
) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  ws.on('error', () => {});
  const [, response] = await once(ws, 'unexpected-response');
  const text = (await response.toArray()).join('');
  ws.terminate();
  const message = response as IncomingMessage;
  return { status: message.statusCode, headers: message.headers, text };
}

/** Parses the fragment of a message. */
export function parseFragment(html: string) {
  const [, id] = /^<article class="(?:message[^"]*|system-message)" id="m-(\d+)"/.exec(html) ?? [];
  const attribute = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(html)?.[1];
  const [, body] = /<div class="body[^"]*"(?: dir="auto")?>(.*?)<\/div>/s.exec(html) ?? [];
  return {
    id: Number(id),
    seq: Number(attribute('seq') ?? id),
    uid: attribute('uid'),
    cid: attribute('cid'),
    body,
  };
}

export function isMessage(frame: string): boolean {
  return frame.startsWith('<article class="message');
}

/** The bodies of the messages among the frames, in order. */
export function bodies(frames: readonly string[]): (string | undefined)[] {
  return frames.filter(isMessage).map((frame) => parseFragment(frame).body);
}
