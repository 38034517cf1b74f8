import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** How much longer a text is sealed. */
export const ENVELOPE_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const ALGORITHM = 'aes-256-gcm';

export class NewerEnvelope extends Error {}

/**
 * Seals what servers send each other, so that the engine between them can neither read
 * nor forge it: AES-256-GCM (NIST SP 800-38D) with a random nonce, which is safe for 2^32 texts under
 * one key. A text is bound to what it is for, such as the id of its entry.
 */
export class Envelope {
  readonly #key: Buffer;

  /** @param key 32 bytes, the same on all servers */
  constructor(key: Buffer) {
    this.#key = key;
  }

  seal(text: Uint8Array, purpose: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(purpose));
    const sealed = [cipher.update(text), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ...sealed]);
  }

  /** @throws NewerEnvelope, or where it was sealed with another key, for something else, or changed */
  open(sealed: Uint8Array, purpose: string): Buffer {
    const [version = 0] = sealed;
    if (version > VERSION) throw new NewerEnvelope('It was sealed by a newer version.');
    if (version !== VERSION) throw new Error('It is not sealed.');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const text = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
    const cipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(purpose));
    cipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([cipher.update(text), cipher.final()]);
  }

  sealJson(value: unknown, purpose: string): Buffer {
    return this.seal(Buffer.from(JSON.stringify(value)), purpose);
  }

  /** What it has is ours: nobody else has the key. */
  openJson(sealed: Uint8Array, purpose: string): unknown {
    return JSON.parse(this.open(sealed, purpose).toString());
  }
}
