import { once } from 'node:events';
import { WebSocket } from 'ws';

type Fields = Readonly<Record<string, unknown>>;

let requests = 0;

/** How many requests and WebSockets there were so far. */
export function requestCount(): number {
  return requests;
}

/** A user of the server: a guest by a token, or signed in by a cookie. */
export class SoakUser {
  readonly #url: string;
  #token: string | undefined;
  #cookie: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Error if the server answers with a 5xx without saying when to try again */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    requests += 1;
    const response = await fetch(this.#url + path, {
      redirect: 'manual',
      ...init,
      headers: { Accept: 'application/json', ...this.#identity(), ...init.headers },
    });
    const isBusy = response.status === 503 && response.headers.has('retry-after');
    if (response.status >= 500 && !isBusy) throw new Error(`${response.status} for ${path}`);
    const [cookie] = response.headers.getSetCookie();
    if (cookie?.startsWith('session=')) this.#cookie = cookie.split(';')[0];
    return response;
  }

  /** Gets a URL, and reads the whole response. */
  async get(path: string, headers: Record<string, string> = {}): Promise<string> {
    return (await this.request(path, { headers })).text();
  }

  async post<T>(path: string, fields: Fields = {}): Promise<T> {
    const response = await this.request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(fields),
    });
    const answer = (await response.json()) as T & { guest?: { token: string | null } };
    this.#token ??= answer.guest?.token ?? undefined;
    return answer;
  }

  /** Posts a message. Returns its id. */
  async postMessage(room: string, message: string, more: Fields = {}): Promise<number> {
    const path = `/rooms/${room}/messages`;
    const answer = await this.post<{ message?: { id: number } }>(path, { message, ...more });
    return answer.message?.id ?? 0;
  }

  command(room: string, what: string, fields: Fields = {}): Promise<object> {
    return this.post(`/rooms/${room}/commands`, { type: what, ...fields });
  }

  /** Opens a WebSocket to a room, with the frames received. */
  async connect(room: string): Promise<{ readonly ws: WebSocket; readonly frames: string[] }> {
    requests += 1;
    const token = this.#token === undefined ? [] : [`token.${this.#token}`];
    const url = `${this.#url.replace('http', 'ws')}/rooms/${room}/live`;
    const ws = new WebSocket(url, ['json', ...token], { headers: this.#identity() });
    const frames: string[] = [];
    ws.on('message', (data) => frames.push(data.toString()));
    ws.on('error', () => {});
    await once(ws, 'open');
    return { ws, frames };
  }

  #identity(): Record<string, string> {
    if (this.#cookie !== undefined) return { Cookie: this.#cookie };
    return this.#token === undefined ? {} : { Authorization: `Bearer ${this.#token}` };
  }
}
