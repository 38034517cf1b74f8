import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Listener, readEvents } from '../../support/listeners.ts';
import type { Scope } from '../../support/server.ts';
import { LongestPause } from './longest-pause.ts';
import { ROOM } from './sender.ts';

/** A connection that has ended by itself, or is ended. */
interface Connection {
  readonly closed: Promise<unknown>;
  close(): void;
}

/** What a request for messages is answered. */
interface Answer {
  readonly reset: boolean;
  readonly messages: readonly object[];
  readonly cursor: string;
}

export type WitnessTransport = 'websocket' | 'sse' | 'long-polling';

const AGAIN_MS = 100;
/** A connection over which nothing comes for this long is taken for lost. */
const SILENT_MS = 4_000;

/**
 * A client that follows a room, and connects again with its cursor when its connection is closed or silent,
 * as a page does: to the next of its ports.
 */
export class Witness {
  readonly name: string;
  readonly pause = new LongestPause();
  readonly #listener = new Listener();
  readonly #transport: WitnessTransport;
  readonly #ports: readonly number[];
  #turn = 0;
  #heardMs = 0;
  #connection: Connection | undefined;
  #isStopped = false;

  constructor(t: Scope, transport: WitnessTransport, ports: readonly number[]) {
    this.name = `${transport} at ${ports.join(', ')}`;
    this.#transport = transport;
    this.#ports = ports;
    const silence = setInterval(() => {
      if (performance.now() - this.#heardMs > SILENT_MS) this.#connection?.close();
    }, AGAIN_MS);
    t.after(() => {
      clearInterval(silence);
      this.#isStopped = true;
      this.#connection?.close();
    });
  }

  get bodies(): readonly string[] {
    return this.#listener.bodies;
  }

  /** Whether it was told to begin again: that is a gap. */
  get isReset(): boolean {
    return this.#listener.isReset;
  }

  /** Resolves when it is live for the first time. */
  async start(): Promise<void> {
    void this.#follow();
    await this.#listener.untilLive();
  }

  until(isEnough: () => boolean): Promise<unknown> {
    return this.#listener.until(isEnough);
  }

  async #follow(): Promise<void> {
    while (!this.#isStopped) {
      this.#heardMs = performance.now();
      this.#connection = this.#connect(this.#ports[this.#turn % this.#ports.length] ?? 0);
      await this.#connection.closed;
      this.#turn += 1;
      await wait(AGAIN_MS);
    }
  }

  /** The query that goes on after what it has heard. */
  get #after(): string {
    return this.#listener.received.length > 0 ? `?after=${this.#listener.cursor}` : '';
  }

  #connect(port: number): Connection {
    const room = `127.0.0.1:${port}/rooms/${ROOM}`;
    if (this.#transport === 'websocket') return this.#openSocket(`ws://${room}/live${this.#after}`);
    if (this.#transport === 'sse') return this.#openEvents(`http://${room}/events${this.#after}`);
    return this.#poll(`http://${room}/messages`);
  }

  #receive(text: string): void {
    this.#heardMs = performance.now();
    const { length } = this.#listener.received;
    this.#listener.parseFrame('json', text);
    if (this.#listener.received.length > length) this.pause.happened();
  }

  #openSocket(url: string): Connection {
    const socket = new WebSocket(url, ['json']);
    socket.on('message', (data) => this.#receive(data.toString()));
    const closed = new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.on('error', () => {});
    });
    return { closed, close: () => socket.terminate() };
  }

  #openEvents(url: string): Connection {
    const stop = new AbortController();
    const read = async () => {
      const headers = { Accept: 'application/json' };
      const response = await fetch(url, { headers, signal: stop.signal });
      if (response.ok) await readEvents(response, (data) => this.#receive(data));
    };
    return { closed: read().catch(() => {}), close: () => stop.abort() };
  }

  /** Requests after requests, until one of them fails. */
  #poll(url: string): Connection {
    const stop = new AbortController();
    const poll = async () => {
      const headers = { Accept: 'application/json' };
      for (let query = this.#after; ; query = `${this.#after}&wait=2`) {
        const response = await fetch(url + query, { headers, signal: stop.signal });
        if (!response.ok) throw new Error(await response.text());
        const { reset, messages, cursor } = (await response.json()) as Answer;
        if (reset) this.#receive('{"type":"reset"}');
        for (const message of messages) this.#receive(JSON.stringify(message));
        this.#receive(JSON.stringify({ type: 'synced', cursor }));
      }
    };
    return { closed: poll().catch(() => {}), close: () => stop.abort() };
  }
}
