import { ifAllowed, withLock } from '../lib/allowed.ts';

const KEY = 'typhoon.token';
/** How long a reloaded tab may take to release its uid. */
const CLAIM_MS = 1_000;

/** This tab's identity on the server: a uid, and the token that proves it after a reload. */
export class GuestIdentity {
  readonly #onChange: (own: readonly string[]) => void;
  #own: readonly string[] = [];
  #token: string | undefined;
  #isDuplicateTab = false;

  /** @param onChange receives the client's own uids: the current one first, then those it had as a guest */
  constructor(onChange: (own: readonly string[]) => void) {
    this.#onChange = onChange;
  }

  get uid(): string {
    return this.#own[0] ?? '';
  }

  /** Whether a uid is the user's own, or was before signing in. */
  isOwn(uid: string): boolean {
    return this.#own.includes(uid);
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** Whether another tab has this tab's former identity, and its stored data. */
  get isDuplicateTab(): boolean {
    return this.#isDuplicateTab;
  }

  /** Restores the identity from before a reload, unless this tab is a duplicate of another. */
  async restore(): Promise<void> {
    const token = storedToken();
    if (!token) return;
    this.#isDuplicateTab = !(await claimLock(token));
    if (this.#isDuplicateTab) return;
    this.#token = token;
    this.signIn(uidOf(token));
  }

  /** Adopts the token that the server issued, which may differ from what the tab had sent. */
  adopt(token: string): void {
    this.setToken(token);
    this.signIn(uidOf(token));
  }

  /** Sets the token to identify by, unless the browser is signed in: the server decides. */
  setToken(token: string): void {
    if (token === this.#token) return;
    void claimLock(token);
    this.#token = token;
    // If it cannot be stored, the tab is another guest after a reload.
    ifAllowed(() => sessionStorage.setItem(KEY, token));
  }

  /**
   * Adopts the uid of the browser's session: it takes precedence over the tab's own.
   * @param formerGuests the uids that the user had as a guest, if they are known
   */
  signIn(
    uid: string,
    formerGuests: readonly string[] = uid === this.uid ? this.#own.slice(1) : [],
  ): void {
    const own = [uid, ...formerGuests];
    // This tab's guest has become the user: signed out, it is another guest.
    if (this.#token && formerGuests.includes(uidOf(this.#token))) this.#forgetToken();
    if (own.join() === this.#own.join()) return;
    this.#own = own;
    this.#onChange(own);
  }

  #forgetToken(): void {
    this.#token = undefined;
    ifAllowed(() => sessionStorage.removeItem(KEY));
  }
}

/** The token of this tab's guest, from before the page was loaded. */
export function storedToken(): string | undefined {
  return ifAllowed(() => sessionStorage.getItem(KEY)) ?? undefined;
}

/** The tab's guest was erased. */
export function forgetToken(): void {
  ifAllowed(() => sessionStorage.removeItem(KEY));
}

/** The header by which a request proves its identity (RFC 6750, section 2.1). */
export function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** A token is the uid, a dot and a signature. */
function uidOf(token: string): string {
  return token.split('.')[0] ?? '';
}

/**
 * Holds a Web Lock for as long as the tab lives. A browser that duplicates a tab copies its
 * sessionStorage, too: the duplicate does not get the lock.
 */
function claimLock(token: string): Promise<boolean> {
  const signal = AbortSignal.timeout(CLAIM_MS);
  return withLock(`${KEY} ${uidOf(token)}`, signal, () => new Promise(() => {}));
}
