import { v4 as uuid } from 'uuid';
import type { Keys } from './keys.ts';

/** One who visits: a browser's tab, or a program. */
export interface Visitor {
  /** A UUID, version 4. */
  readonly uid: string;
  /** What the visitor brings to be known again: the uid, signed. */
  readonly token: string;
}

/** Gives visitors their uid, and knows those again who bring a token of this server's. */
export class Visitors {
  readonly #keys: Keys;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** The visitor of the token; a new one where there is none, or it was not signed here. */
  admit(token = ''): Visitor {
    const [, uid = '', signature = ''] = /^([^.]+)\.(.+)$/.exec(token) ?? [];
    if (this.#keys.verify(uid, signature)) return { uid, token };
    const fresh = uuid();
    return { uid: fresh, token: `${fresh}.${this.#keys.sign(fresh)}` };
  }
}
