import { LruMap } from '../shared/lru-map.ts';
import type { Guest, GuestTokens } from './guest-tokens.ts';
import type { SessionChange } from './session.ts';

/** Guests of whom it is remembered whether they have signed in. */
const MAX_KNOWN = 10_000;

interface GuestQueries {
  /** Whether a guest has signed in, and is a user since. */
  hasSignedIn(guest: string): Promise<boolean>;
}

/** The guests. A guest who signed in is a user from then on, and the token is no longer valid. */
export class Guests {
  readonly #tokens: GuestTokens;
  readonly #queries: GuestQueries;
  readonly #signedIn = new LruMap<string, boolean>(MAX_KNOWN);

  constructor(tokens: GuestTokens, queries: GuestQueries) {
    this.#tokens = tokens;
    this.#queries = queries;
  }

  /** Applies what a commit changed: guests who signed in, or are erased. */
  apply(batch: readonly SessionChange[]): void {
    for (const { carriedGuest, erased = [] } of batch) {
      if (carriedGuest !== undefined) this.#signedIn.set(carriedGuest, true);
      for (const uid of erased) this.#signedIn.set(uid, true);
    }
  }

  /** The guest of a token, if it is one of ours and still valid. */
  async find(token: string): Promise<Guest | undefined> {
    const guest = this.#tokens.verify(token);
    if (!guest) return undefined;
    const { uid } = guest;
    if (!this.#signedIn.has(uid)) {
      const hasSignedIn = await this.#queries.hasSignedIn(uid);
      // The store's answer may be older than what the log has published in the meantime.
      if (!this.#signedIn.has(uid)) this.#signedIn.set(uid, hasSignedIn);
    }
    return this.hasSignedIn(uid) ? undefined : guest;
  }

  /** Whether a guest has signed in recently. */
  hasSignedIn(uid: string): boolean {
    return this.#signedIn.get(uid) ?? false;
  }

  /** A new guest. */
  issue(): Guest {
    const guest = this.#tokens.issue();
    this.#signedIn.set(guest.uid, false);
    return guest;
  }
}
