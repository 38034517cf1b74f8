import { v4 as uuid } from 'uuid';
import type { Keyring } from './keyring.ts';

/** A guest: a browser's tab, or a program. */
export interface Guest {
  /** A UUID, version 4. */
  readonly uid: string;
  /** What the guest sends to be recognized: the uid, signed. */
  readonly token: string;
}

/** Issues guests their uid, and recognizes those that send a token of this server. */
export class GuestTokens {
  readonly #keys: Keyring;

  constructor(keys: Keyring) {
    this.#keys = keys;
  }

  /** The guest of a token, if it was signed here. */
  verify(token: string): Guest | undefined {
    // Nothing else that is signed here has a uid.
    const [, uid = '', signature = ''] = /^([\da-f-]{36})\.(.+)$/.exec(token) ?? [];
    return this.#keys.verify(uid, signature) ? { uid, token } : undefined;
  }

  /** A new guest. */
  issue(): Guest {
    const uid = uuid();
    return { uid, token: `${uid}.${this.#keys.sign(uid)}` };
  }
}
