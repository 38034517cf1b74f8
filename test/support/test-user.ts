import type { TestContext } from 'node:test';
import { type Client, join } from './client.ts';

/** An HTTP or WebSocket client with an identity, which it sends with each request. */
export class TestUser {
  readonly port: number;
  readonly uid: string;
  /** The identity, as a cookie or a token, and the address. */
  readonly headers: Readonly<Record<string, string>>;

  /** A guest's token for a WebSocket. */
  readonly #token: string | undefined;

  constructor(
    port: number,
    uid: string,
    headers: Readonly<Record<string, string>>,
    token?: string,
  ) {
    this.port = port;
    this.uid = uid;
    this.headers = headers;
    this.#token = token;
  }

  /** The subprotocol by which a guest authenticates on a WebSocket. */
  get protocol(): string {
    return `token.${this.#token}`;
  }

  /** The same user, on another server of the cluster. */
  at(port: number): TestUser {
    return new TestUser(port, this.uid, this.headers, this.#token);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(this.#url(path), { headers: { ...this.headers, ...headers }, redirect: 'manual' });
  }

  /** Posts JSON, and accepts JSON. */
  post(path: string, fields: object): Promise<Response> {
    return fetch(this.#url(path), {
      method: 'POST',
      headers: {
        ...this.headers,
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
      body: JSON.stringify(fields),
    });
  }

  /** Submits a form, as a page without scripts does. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(this.#url(path), {
      method: 'POST',
      headers: { ...this.headers, Accept: 'text/html' },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
  }

  postMessage(room: string, message: string, cid?: string): Promise<Response> {
    return this.post(`/rooms/${room}/messages`, { message, cid });
  }

  /** Sends a command to a room. */
  command(room: string, command: object): Promise<Response> {
    return this.post(`/rooms/${room}/commands`, command);
  }

  /** Creates a room. */
  createRoom(name: string, options: object = {}): Promise<Response> {
    return this.post('/rooms', { name, ...options });
  }

  /** A WebSocket to a room, with JSON. */
  live(t: TestContext, room: string, after?: string): Promise<Client> {
    const query = after === undefined ? '' : `?after=${after}`;
    return this.join(t, `/rooms/${encodeURIComponent(room)}/live${query}`, ['json']);
  }

  /** A WebSocket. */
  join(t: TestContext, path: string, protocols: readonly string[] = ['html']): Promise<Client> {
    const all = this.#token === undefined ? protocols : [...protocols, this.protocol];
    return join(t, this.port, path, { protocols: all, headers: this.headers });
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }
}

interface UserOptions {
  /** The address, for a server behind one proxy. */
  readonly address?: string;
}

/** Signs a new user in. */
export async function signIn(
  port: number,
  name: string,
  from: UserOptions = {},
): Promise<TestUser> {
  const answer = await new TestUser(port, '', headersOf(from)).post('/session', { name });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  const { uid } = (await answer.json()) as { uid: string };
  const [cookie = ''] = answer.headers.getSetCookie();
  return new TestUser(port, uid, { ...headersOf(from), Cookie: cookie.split(';')[0] ?? '' });
}

/** Creates a guest. */
export async function createGuest(port: number, from: UserOptions = {}): Promise<TestUser> {
  const answer = await new TestUser(port, '', headersOf(from)).post('/guests', {});
  const { uid, token } = (await answer.json()) as { uid: string; token: string };
  return new TestUser(port, uid, { ...headersOf(from), Cookie: `visitor=${token}` }, token);
}

function headersOf({ address }: UserOptions): Record<string, string> {
  return address === undefined ? {} : { 'X-Forwarded-For': address };
}

/** The status and error code of a refused request; only the status if it succeeded. */
export async function outcome(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const text = await response.text();
  return response.ok ? `${response.status}` : `${response.status} ${JSON.parse(text).error.code}`;
}
