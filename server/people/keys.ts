import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signs what visitors take away, and knows it again when they bring it back. */
export class Keys {
  readonly #newest: Buffer;
  readonly #older: readonly Buffer[];

  /** The newest key signs; a signature by any of them holds. */
  constructor(newest: Buffer, older: readonly Buffer[] = []) {
    this.#newest = newest;
    this.#older = older;
  }

  /** The signature (HMAC-SHA256) in base64url. */
  sign(text: string): string {
    return signature(text, this.#newest);
  }

  verify(text: string, signed: string): boolean {
    const given = Buffer.from(signed);
    return [this.#newest, ...this.#older].some((key) => {
      const expected = Buffer.from(signature(text, key));
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }
}

function signature(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
