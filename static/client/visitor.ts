const KEY = 'typhoon.token';

/** Who this tab is to the server: a uid, and the token that proves it after a reload. */
export class Visitor {
  #uid = '';
  #token = read();

  get uid(): string {
    return this.#uid;
  }

  get token(): string | undefined {
    return this.#token;
  }

  know(uid: string, token: string): void {
    this.#uid = uid;
    this.#token = token;
    try {
      sessionStorage.setItem(KEY, token);
    } catch {
      // A browser that keeps nothing: the tab is another visitor after a reload.
    }
  }
}

function read(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
