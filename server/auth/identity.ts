import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../http/request/client-address.ts';
import { readCookie } from '../http/request/cookies.ts';
import type { BrowserCookies } from './browsers.ts';
import type { Guest } from './guest-tokens.ts';
import type { Guests } from './guests.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { User } from './user.ts';

export const SESSION_COOKIE = 'session';
export const GUEST_COOKIE = 'visitor';

interface Parts {
  readonly guests: Guests;
  readonly sessions: Sessions;
  readonly browsers: BrowserCookies;
  /** The number of our own proxies in front of this server. */
  readonly trustedProxies: number;
}

/** Identifies who makes a request: the user of the browser's session, else the guest of a token. */
export class Identity {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The client's address, for rate limits and bans. */
  address(request: IncomingMessage): string {
    return clientAddress(request, this.#parts.trustedProxies);
  }

  /** The browser of a request, whatever its user; `null` without our cookie, and for programs. */
  browser(request: IncomingMessage): string | null {
    return this.#parts.browsers.find(request)?.id ?? null;
  }

  /** Who makes the request, if they are known. */
  async authenticate(
    request: IncomingMessage,
    token: string | undefined,
  ): Promise<User | undefined> {
    const cookie = readCookie(request, SESSION_COOKIE);
    const session = cookie === undefined ? undefined : await this.#parts.sessions.find(cookie);
    if (session) return this.#signedIn(session, request);
    const known = token === undefined ? undefined : await this.#parts.guests.find(token);
    return known && this.#guest(known, request);
  }

  /** Who makes the request; a client that is not known becomes a new guest. */
  async authenticateOrCreate(request: IncomingMessage, token: string | undefined): Promise<User> {
    const known = await this.authenticate(request, token);
    return known ?? this.#guest(this.#parts.guests.issue(), request);
  }

  #signedIn({ id, ...session }: Session, request: IncomingMessage): User {
    const { uid, name, isOwner, formerGuests } = session;
    const isModerator = session.isModerator || isOwner;
    const user = { uid, name, isModerator, isOwner, session: id, formerGuests };
    return { ...user, token: null, ...this.#origin(request) };
  }

  #guest({ uid, token }: Guest, request: IncomingMessage): User {
    const guest = { uid, name: null, isModerator: false, isOwner: false };
    return { ...guest, session: null, formerGuests: [], token, ...this.#origin(request) };
  }

  #origin(request: IncomingMessage): Pick<User, 'address' | 'browser'> {
    return { address: this.address(request), browser: this.browser(request) };
  }
}

/**
 * The guest token of a request: the bearer token (RFC 6750, section 2.1), as a page's script sends
 * it for its tab, else the cookie of the whole browser.
 */
export function tokenOf(request: IncomingMessage): string | undefined {
  const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return bearer ?? readCookie(request, GUEST_COOKIE);
}
