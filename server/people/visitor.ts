import { createHmac, timingSafeEqual } from 'node:crypto';
import { v4 as uuid } from 'uuid';

/** One who visits: a browser's tab, or a program. */
export interface Visitor {
  /** A UUID, version 4. */
  readonly uid: string;
  /** What the visitor brings to be known again: the uid, signed. */
  readonly token: string;
}

/** Gives visitors their uid, and knows those again who bring a token of this server's. */
export class Visitors {
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** The visitor of the token; a new one where there is none, or it was not signed here. */
  admit(token = ''): Visitor {
    const uid = token.split('.')[0] ?? '';
    if (isSame(Buffer.from(token), Buffer.from(this.#sign(uid)))) return { uid, token };
    const fresh = uuid();
    return { uid: fresh, token: this.#sign(fresh) };
  }

  #sign(uid: string): string {
    return `${uid}.${createHmac('sha256', this.#secret).update(uid).digest('base64url')}`;
  }
}

/** In bytes, not in characters: what comes in a header may have some of two bytes. */
function isSame(brought: Buffer, signed: Buffer): boolean {
  return brought.length === signed.length && timingSafeEqual(brought, signed);
}
