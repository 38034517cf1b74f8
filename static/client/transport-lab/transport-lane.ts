import {
  endpointUrl,
  type OpenTransport,
  type TransportHandlers,
} from '../connection/transports/transport.ts';
import type { TransportEntry, TransportName } from '../connection/transports.ts';
import { byId, parseFragments } from '../lib/dom.ts';
import { language, t } from '../lib/messages.ts';

/** Arrivals shown at once. */
const SHOWN = 5;

interface TransportLaneOptions {
  readonly room: string;
  readonly run: string;
  /** When each message was sent, by its number, in `performance.now` milliseconds. */
  readonly sentAt: readonly number[];
}

/** One transport of a run: what arrived and when, and its cost as the browser sees it. */
export class TransportLane {
  readonly name: TransportName;
  /** The delay of each message that arrived, by its number, in milliseconds. */
  readonly delays: number[] = [];
  requests = 0;
  /** Bytes. */
  received = 0;
  sent = 0;
  readonly #sentAt: readonly number[];
  readonly #list: HTMLElement;
  readonly #transport: OpenTransport;
  #cursor: string | undefined;

  constructor({ name, open }: TransportEntry, { room, run, sentAt }: TransportLaneOptions) {
    this.name = name;
    this.#sentAt = sentAt;
    this.#list = byId(`arrivals-${name}`);
    this.#list.replaceChildren();
    const handlers: TransportHandlers = {
      room,
      lang: language,
      meter: `${run}.${name}`,
      cursor: () => this.#cursor,
      token: () => undefined,
      onFrame: (html) => this.#receive(html),
      onLost: () => this.#show(t('transport-unavailable')),
    };
    // The browser does not report a connection that stays open: its requests and text are counted.
    if (this.#isStream)
      this.countRequest(endpointUrl(handlers, name === 'sse' ? 'events' : 'live'), 0);
    this.#transport = open(handlers);
  }

  get #isStream(): boolean {
    return this.name === 'sse' || this.name === 'websocket';
  }

  /** Counts a request of the browser's, and the bytes of its response. */
  countRequest(address: string, received: number): void {
    this.requests += 1;
    this.sent += `GET ${address} HTTP/1.1\r\n`.length;
    this.received += received;
  }

  close(): void {
    this.#transport.close();
  }

  #receive(html: string): void {
    const now = performance.now();
    for (const fragment of parseFragments(html)) {
      const { id, dataset } = fragment;
      if (id === 'live') this.#cursor = dataset.cursor;
      const number = Number(fragment.querySelector('.body')?.textContent ?? Number.NaN);
      const sentAt = fragment.matches('article') ? this.#sentAt[number] : undefined;
      if (sentAt === undefined || this.delays[number] !== undefined) continue;
      this.delays[number] = now - sentAt;
      this.#show(`${number + 1} · ${t('milliseconds', { count: Math.round(now - sentAt) })}`);
    }
    if (this.#isStream) this.received += new TextEncoder().encode(html).length;
  }

  #show(text: string): void {
    const item = document.createElement('li');
    item.textContent = text;
    this.#list.append(item);
    if (this.#list.childElementCount > SHOWN) this.#list.firstElementChild?.remove();
  }
}
