import { ifAllowed, withLock } from '../lib/allowed.ts';

const KEY = 'typhoon.token';
/** How long a reloaded tab may take to release its uid. */
const CLAIM_MS = 1_000;

/** This tab's identity on the server: a uid, and the token that proves it after a reload. */
export class GuestIdentity {
  readonly #onUid: (uid: string) => void;
  #uid = '';
  #token: string | undefined;
  #isDuplicateTab = false;

  constructor(onUid: (uid: string) => void) {
    this.#onUid = onUid;
  }

  get uid(): string {
    return this.#uid;
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
    const token = ifAllowed(() => sessionStorage.getItem(KEY)) ?? undefined;
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

  /** Adopts the uid of the browser's session: it takes precedence over the tab's own. */
  signIn(uid: string): void {
    if (uid === this.#uid) return;
    this.#uid = uid;
    this.#onUid(uid);
  }
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
