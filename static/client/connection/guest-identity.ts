import { ifAllowed, withLock } from '../lib/allowed.ts';

const KEY = 'typhoon.token';
/** How long a tab that was reloaded may take to let its uid go. */
const CLAIM_MS = 1_000;

/** Who this tab is to the server: a uid, and the token that proves it after a reload. */
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

  /** Whether another tab is who this one was, and has what this one kept. */
  get isDuplicateTab(): boolean {
    return this.#isDuplicateTab;
  }

  /** Takes up what the tab was before it was reloaded, unless another tab is a copy of it. */
  async restore(): Promise<void> {
    const token = ifAllowed(() => sessionStorage.getItem(KEY)) ?? undefined;
    if (!token) return;
    this.#isDuplicateTab = !(await claimLock(token));
    if (this.#isDuplicateTab) return;
    this.#token = token;
    this.signIn(uidOf(token));
  }

  /** Takes the token the server gave, which may be another than it was shown. */
  adopt(token: string): void {
    this.setToken(token);
    this.signIn(uidOf(token));
  }

  /** Takes a token to be known by, unless the browser is signed in: the server will say. */
  setToken(token: string): void {
    if (token === this.#token) return;
    void claimLock(token);
    this.#token = token;
    // Where it cannot be kept, the tab is another visitor after a reload.
    ifAllowed(() => sessionStorage.setItem(KEY, token));
  }

  /** Takes the uid of the browser's session: it goes before the tab's own. */
  signIn(uid: string): void {
    if (uid === this.#uid) return;
    this.#uid = uid;
    this.#onUid(uid);
  }
}

/** What a request has to carry for the server to know whose token it is (RFC 6750, section 2.1). */
export function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** A token is the uid, and its signature after a dot. */
function uidOf(token: string): string {
  return token.split('.')[0] ?? '';
}

/**
 * Holds a lock of the browser's for as long as the tab lives. A browser that copies a tab copies its
 * sessionStorage, too: the copy does not get the lock.
 */
function claimLock(token: string): Promise<boolean> {
  const signal = AbortSignal.timeout(CLAIM_MS);
  return withLock(`${KEY} ${uidOf(token)}`, signal, () => new Promise(() => {}));
}
