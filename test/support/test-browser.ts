import assert from 'node:assert/strict';

interface Cookie {
  readonly value: string;
  readonly path: string;
}

type Headers = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

/** A browser with cookies: it stores them, and sends each with the requests that it is for. */
export class TestBrowser {
  readonly #url: string;
  readonly #headers: Headers;
  readonly #cookies = new Map<string, Cookie>();

  /** @param headers sent with every request */
  constructor(url: string, headers: Headers = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  /** The headers of a request for the path (RFC 6265, section 5.4). */
  headers(path = '/'): Record<string, string> {
    const sent = [...this.#cookies].filter(([, cookie]) => isUnder(path, cookie.path));
    const cookies = sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
    return { ...this.#headers, ...(cookies && { Cookie: cookies }) };
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)?.value;
  }

  /** All of its cookies. */
  cookies(): readonly (Cookie & { readonly name: string })[] {
    return [...this.#cookies].map(([name, cookie]) => ({ name, ...cookie }));
  }

  /** Sets a cookie that no response has set. */
  setCookie(name: string, value: string, path = '/'): this {
    this.#cookies.set(name, { value, path });
    return this;
  }

  get(path: string, headers: Headers = {}): Promise<Response> {
    return this.#request(path, { headers });
  }

  /** Posts JSON, and accepts JSON. */
  post(path: string, fields: Fields = {}, headers: Headers = {}): Promise<Response> {
    return this.#request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body: JSON.stringify(fields),
    });
  }

  /** Submits a form, as a browser does. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const body = new URLSearchParams(fields);
    return this.#request(path, { method: 'POST', headers: { Accept: 'text/html' }, body });
  }

  async #request(
    path: string,
    init: RequestInit & { readonly headers: Headers },
  ): Promise<Response> {
    const headers = { ...this.headers(path), ...init.headers };
    const response = await fetch(this.#url + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#storeCookie(line);
    return response;
  }

  #storeCookie(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const [, path = '/'] = /; path=([^;]+)/i.exec(line) ?? [];
    if (value === '') this.#cookies.delete(name);
    else this.setCookie(name, value, path);
  }
}

/** Whether a cookie of one path is sent to another (RFC 6265, section 5.1.4). */
function isUnder(path: string, parent: string): boolean {
  const start = parent.endsWith('/') ? parent : `${parent}/`;
  return path === parent || path.startsWith(start) || path.startsWith(`${parent}?`);
}

/** The status and error code of a refused request. */
export async function errorOf(response: Response): Promise<readonly [number, string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

/** A new browser in which a user is signed in. */
export async function signedIn(url: string, name: string, password?: string): Promise<TestBrowser> {
  const visit = new TestBrowser(url);
  await signIn(visit, name, password);
  return visit;
}

/** Signs in. Returns the uid. */
export async function signIn(visit: TestBrowser, name: string, password?: string): Promise<string> {
  const response = await visit.post('/session', { name, password });
  assert.equal(response.status, 201, await response.clone().text());
  return ((await response.json()) as { uid: string }).uid;
}
