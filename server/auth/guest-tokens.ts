import { v4 as uuid } from 'uuid';
import type { Keyring } from './keyring.ts';

/** One who visits: a browser's tab, or a program. */
export interface Guest {
  /** A UUID, version 4. */
  readonly uid: string;
  /** What the visitor brings to be known again: the uid, signed. */
  readonly token: string;
}

/** Gives visitors their uid, and knows those again who bring a token of this server's. */
export class GuestTokens {
  readonly #keys: Keyring;

  constructor(keys: Keyring) {
    this.#keys = keys;
  }

  /** The visitor of a token, if it was signed here. */
  verify(token: string): Guest | undefined {
    // What else is signed here is no uid.
    const [, uid = '', signature = ''] = /^([\da-f-]{36})\.(.+)$/.exec(token) ?? [];
    return this.#keys.verify(uid, signature) ? { uid, token } : undefined;
  }

  /** Somebody who has not been here before. */
  issue(): Guest {
    const uid = uuid();
    return { uid, token: `${uid}.${this.#keys.sign(uid)}` };
  }
}
