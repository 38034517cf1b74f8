import { createHmac } from 'node:crypto';
import { constantTimeEqual } from './constant-time-equal.ts';

/** Signs what clients are given, and verifies it when they send it back. */
export class Keyring {
  readonly #newest: Buffer;
  readonly #older: readonly Buffer[];

  /** The newest key signs; a signature by any of them is valid. */
  constructor(newest: Buffer, older: readonly Buffer[] = []) {
    this.#newest = newest;
    this.#older = older;
  }

  /** All of them, the newest first: for the other processes of this server, and nobody else. */
  get keys(): readonly Buffer[] {
    return [this.#newest, ...this.#older];
  }

  /** The signature (HMAC-SHA256) in base64url. */
  sign(text: string): string {
    return signature(text, this.#newest);
  }

  verify(text: string, signed: string): boolean {
    return this.keys.some((key) => constantTimeEqual(signed, signature(text, key)));
  }
}

function signature(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
