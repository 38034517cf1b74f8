import type { TestContext } from 'node:test';
import { isEphemeral, join, parseFragment } from './client.ts';

/** A change of a room, received over any transport. */
export type Received =
  | { readonly kind: 'message'; readonly id: number; readonly seq: number; readonly body: string }
  | { readonly kind: 'deleted'; readonly id: number; readonly seq: number }
  /** A system message: its type in JSON, its English sentence in HTML. */
  | { readonly kind: 'system'; readonly id: number; readonly seq: number; readonly text: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'live'; readonly cursor: string };

/** A client that receives the changes of a room. */
export class Listener {
  readonly received: Received[] = [];
  /** What was received as fragments, as text. */
  html = '';
  /** Stops listening. */
  stop: () => void = () => {};
  #more = Promise.withResolvers<void>();

  receive(...changes: Received[]): void {
    this.received.push(...changes);
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  parseFrame(type: 'html' | 'json', text: string): void {
    if (type === 'html' && text.startsWith('<article')) this.html += text;
    this.receive(...read(type, text));
  }

  get bodies(): string[] {
    return this.received.flatMap((change) => (change.kind === 'message' ? [change.body] : []));
  }

  get isReset(): boolean {
    return this.received.some(({ kind }) => kind === 'reset');
  }

  /** The cursor to resume from, after the last change received. */
  get cursor(): string {
    const live = this.received.findLast((change) => change.kind === 'live');
    const last = this.received.findLast((change) => 'seq' in change);
    const [epoch = '', seq = '0'] = live?.cursor.split('.') ?? [];
    return `${epoch}.${Math.max(Number(seq), last?.seq ?? 0)}`;
  }

  async until(isEnough: () => boolean): Promise<this> {
    while (!isEnough()) await this.#more.promise;
    return this;
  }

  untilLive(): Promise<this> {
    return this.until(() => this.received.some(({ kind }) => kind === 'live'));
  }
}

type Headers = Readonly<Record<string, string>>;

export interface Transport {
  readonly name: string;
  readonly type: 'html' | 'json';
  /** Whether it is a stream that stays open, rather than single requests. */
  readonly isStream: boolean;
  listen(
    t: TestContext,
    port: number,
    room: string,
    after?: string,
    headers?: Headers,
  ): Promise<Listener>;
}

function fromHtml(html: string): Received[] {
  const parts = html.match(/<article.*?<\/article>|<div [^>]*><\/div>/gs) ?? [];
  const inLog = parts.filter((part) => !isEphemeral(part));
  return inLog.map((part) => {
    if (part.startsWith('<div id="reset"')) return { kind: 'reset' };
    const [, cursor] = /^<div id="synced" hidden data-cursor="([^"]+)"/.exec(part) ?? [];
    if (cursor !== undefined) return { kind: 'live', cursor };
    const { id, seq, body } = parseFragment(part);
    if (part.startsWith('<article class="system-message"')) {
      const [, text = ''] = /<p>(.*?) <time/.exec(part) ?? [];
      return { kind: 'system', id, seq, text };
    }
    return body === undefined ? { kind: 'deleted', id, seq } : { kind: 'message', id, seq, body };
  });
}

interface Event {
  readonly type: string;
  readonly id: number;
  readonly seq: number;
  readonly body: string;
  readonly cursor: string;
  readonly action: string;
}

function fromEvent({ type, id, seq, body, cursor, action }: Event): Received[] {
  if (type === 'reset') return [{ kind: 'reset' }];
  if (type === 'synced') return [{ kind: 'live', cursor }];
  if (type === 'deleted') return [{ kind: 'deleted', id, seq }];
  if (type === 'system') return [{ kind: 'system', id, seq, text: action }];
  return type === 'message' ? [{ kind: 'message', id, seq, body }] : [];
}

function read(type: 'html' | 'json', text: string): Received[] {
  if (type === 'json') return fromEvent(JSON.parse(text));
  return /^(<div id="welcome"|<li)/.test(text) ? [] : fromHtml(text);
}

function webSocket(type: 'html' | 'json'): Transport {
  return {
    name: `WebSocket, ${type}`,
    type,
    isStream: true,
    async listen(t, port, room, after, headers = {}) {
      const listener = new Listener();
      const query = after === undefined ? '' : `?after=${after}`;
      const client = await join(t, port, `/rooms/${room}/live${query}`, {
        protocols: [type],
        headers,
      });
      for (const frame of client.frames) listener.parseFrame(type, frame);
      client.ws.on('message', (data) => listener.parseFrame(type, data.toString()));
      listener.stop = () => client.ws.terminate();
      return listener;
    },
  };
}

const accept = { html: 'text/html', json: 'application/json' };

function request(url: string, type: 'html' | 'json', signal: AbortSignal, headers: Headers) {
  return fetch(url, { headers: { Accept: accept[type], ...headers }, signal });
}

/** An error with the server's response, to fail the test. */
async function errorFrom(response: Response): Promise<Error> {
  return new Error(`${response.status} ${await response.text()}`);
}

function eventStream(type: 'html' | 'json'): Transport {
  return {
    name: `server-sent events, ${type}`,
    type,
    isStream: true,
    async listen(t, port, room, after, headers = {}) {
      const listener = new Listener();
      const stop = new AbortController();
      listener.stop = () => stop.abort();
      t.after(() => stop.abort());
      const query = after === undefined ? '' : `?after=${after}`;
      const url = `http://127.0.0.1:${port}/rooms/${room}/events${query}`;
      const response = await request(url, type, stop.signal, headers);
      if (!response.ok) throw await errorFrom(response);
      readEvents(response, (data) => listener.parseFrame(type, data)).catch(() => {});
      return listener;
    },
  };
}

/** The data of each event of a stream (HTML, section 9.2.6). */
export async function readEvents(
  response: Response,
  onData: (data: string) => void,
): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const lines = event.split('\n').filter((line) => line.startsWith('data: '));
      if (lines.length > 0) onData(lines.map((line) => line.slice(6)).join('\n'));
    }
  }
}

function pollingTransport(name: string, type: 'html' | 'json', wait: string): Transport {
  return {
    name: `${name}, ${type}`,
    type,
    isStream: false,
    async listen(t, port, room, after, headers = {}) {
      const listener = new Listener();
      const stop = new AbortController();
      listener.stop = () => stop.abort();
      t.after(() => stop.abort());
      const url = `http://127.0.0.1:${port}/rooms/${room}/messages`;
      const once = async (cursor: string | undefined, etag: string) => {
        const query = cursor === undefined ? '' : `?after=${cursor}${wait}`;
        const known = { ...headers, ...(etag && { 'If-None-Match': etag }) };
        const response = await request(url + query, type, stop.signal, known);
        if (response.status === 304) return etag;
        if (!response.ok) throw await errorFrom(response);
        const body = await response.text();
        if (type === 'html') listener.html += body;
        listener.receive(...(type === 'html' ? fromHtml(body) : fromResponse(JSON.parse(body))));
        return response.headers.get('etag') ?? '';
      };
      const first = await once(after, '');
      const pollOn = async () => {
        let etag = first;
        while (!stop.signal.aborted) {
          etag = await once(listener.cursor, etag);
          await new Promise(setImmediate);
        }
      };
      pollOn().catch(() => {});
      return listener;
    },
  };
}

function fromResponse(response: { reset: boolean; messages: Event[]; cursor: string }): Received[] {
  const { reset, messages, cursor } = response;
  const first: Received[] = reset ? [{ kind: 'reset' }] : [];
  return [...first, ...messages.flatMap(fromEvent), { kind: 'live', cursor }];
}

/** All transports, in both formats. */
export const transports: readonly Transport[] = (['html', 'json'] as const).flatMap((type) => [
  webSocket(type),
  eventStream(type),
  pollingTransport('long polling', type, '&wait=25'),
  pollingTransport('polling', type, ''),
]);

/** Posts a message over HTTP. */
export async function post(
  port: number,
  room: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/rooms/${room}/messages`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ message }),
  });
}
