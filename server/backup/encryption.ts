import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { promisify } from 'node:util';
import { StartupError } from '../core/errors.ts';

const MAGIC = Buffer.from('typhoon-backup-1\n');
const SALT_BYTES = 16;
export const HEADER_BYTES = MAGIC.length + SALT_BYTES;
const TAG_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
/** 128 MiB and less than a second: a backup is opened rarely, and may be attacked at leisure. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };

/** Whether a file that begins like this is encrypted. */
export function isEncrypted(header: Buffer): boolean {
  return header.subarray(0, MAGIC.length).equals(MAGIC);
}

/** What it takes to derive a key (RFC 7914, section 2); `maxmem` in bytes. */
type Cost = typeof COST;

/** Encrypts with a key derived from the password. The header comes first, and is authenticated. */
export async function encryption(password: string, cost = COST): Promise<Transform> {
  const header = Buffer.concat([MAGIC, randomBytes(SALT_BYTES)]);
  const cipher = new Chunks(CHUNK_BYTES, await cipherOf(password, header, cost, seal));
  cipher.push(header);
  return cipher;
}

/**
 * Decrypts what follows the header.
 * @returns a stream that fails with StartupError where the password is wrong or the file was changed
 */
export async function decryption(
  password: string,
  header: Buffer,
  cost = COST,
): Promise<Transform> {
  return new Chunks(CHUNK_BYTES + TAG_BYTES, await cipherOf(password, header, cost, open));
}

type Step = (key: Buffer, nonce: Buffer, header: Buffer, chunk: Buffer) => Buffer;
type Cipher = (chunk: Buffer, isLast: boolean) => Buffer;

async function cipherOf(password: string, header: Buffer, cost: Cost, step: Step): Promise<Cipher> {
  const derive = promisify<string, Buffer, number, Cost, Buffer>(scrypt);
  const key = await derive(password.normalize('NFKC'), header.subarray(MAGIC.length), 32, cost);
  let counter = 0n;
  return (chunk, isLast) => {
    // The key is used for one file: a counter makes the nonces unique, the last chunk is marked.
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(counter, 3);
    nonce.writeUInt8(isLast ? 1 : 0, 11);
    counter += 1n;
    return step(key, nonce, header, chunk);
  };
}

function seal(key: Buffer, nonce: Buffer, header: Buffer, chunk: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header);
  return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, nonce: Buffer, header: Buffer, chunk: Buffer): Buffer {
  const end = chunk.length - TAG_BYTES;
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(header).setAuthTag(chunk.subarray(end));
    return Buffer.concat([cipher.update(chunk.subarray(0, end)), cipher.final()]);
  } catch (error) {
    const isFirst = nonce.readBigUInt64BE(3) === 0n;
    throw new StartupError(
      isFirst
        ? 'the password is wrong, or the backup is damaged.'
        : 'the backup is damaged: it was changed or cut off.',
      { cause: error },
    );
  }
}

/**
 * Hands on chunks of one size, of which the last may be shorter and is marked: chunks that are
 * changed, left out, repeated, swapped or cut off do not decrypt. This is the STREAM construction
 * (Hoang, Reyhanitabar, Rogaway and Vizár 2015), as in age (age-encryption.org/v1, "Payload").
 */
class Chunks extends Transform {
  readonly #bytes: number;
  readonly #step: Cipher;
  #waiting: Buffer = Buffer.alloc(0);

  constructor(bytes: number, step: Cipher) {
    super();
    this.#bytes = bytes;
    this.#step = step;
  }

  override _transform(data: Buffer, _encoding: string, done: TransformCallback): void {
    let rest = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, data]) : data;
    try {
      // The last chunk is known only when nothing follows it.
      while (rest.length > this.#bytes) {
        this.push(this.#step(rest.subarray(0, this.#bytes), false));
        rest = rest.subarray(this.#bytes);
      }
      this.#waiting = rest;
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      done(null, this.#step(this.#waiting, true));
    } catch (error) {
      done(error as Error);
    }
  }
}
