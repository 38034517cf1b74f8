import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ChatError } from '../core/errors.ts';
import { JobQueue } from '../limits/job-queue.ts';
import { isTooLong } from '../shared/length.ts';

const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 200;

/** The parameters of scrypt (RFC 7914, section 2). */
export interface ScryptCost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and some 0.2 s for each hash (OWASP's Password Storage Cheat Sheet, scrypt). */
const COST: ScryptCost = { log2N: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const HASH = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/** Each running one takes memory and one of Node's four threads for files; the others stay free. */
const LIMITS = { concurrency: 2, maxWaiting: 50 } as const;
/** All wait in one line: how many each address may request is limited before. */
const ANY = '';

/**
 * A password as it is hashed: in NFKC, so that every keyboard produces the same one.
 * @throws ChatError where it does not have 8 to 200 characters
 */
export function parsePassword(text: unknown): string {
  if (typeof text !== 'string' || isTooLong(text, MAX_CHARACTERS))
    throw new ChatError('invalid-user-password');
  // Lone surrogates would all be hashed as the same U+FFFD.
  if (!text.isWellFormed()) throw new ChatError('invalid-user-password');
  const password = text.normalize('NFKC');
  const count = [...password].length;
  if (count >= MIN_CHARACTERS && count <= MAX_CHARACTERS) return password;
  throw new ChatError('invalid-user-password');
}

/** Hashes passwords for storage, and verifies them. */
export class PasswordHasher {
  readonly #cost: ScryptCost;
  readonly #queue = new JobQueue(LIMITS);

  /** @param cost of new hashes */
  constructor(cost = COST) {
    this.#cost = cost;
  }

  /**
   * Returns `scrypt$log2(N)$r$p$SALT$HASH`, salt and hash in base64url: different each time.
   * @throws ChatError where too many wait
   */
  async hash(password: string): Promise<string> {
    const { log2N, r, p } = this.#cost;
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#queue.run(ANY, () => derive(password, salt, this.#cost));
    const texts = [salt, hash].map((bytes) => bytes.toString('base64url'));
    return ['scrypt', log2N, r, p, ...texts].join('$');
  }

  /**
   * Whether the hash is of this password, at the cost it was hashed with.
   * @throws ChatError where too many wait
   */
  async verify(password: string, hash: string): Promise<boolean> {
    const [, log2N, r, p, salt = '', expected = ''] = HASH.exec(hash) ?? [];
    if (log2N === undefined) return false;
    const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
    const saltBytes = Buffer.from(salt, 'base64url');
    const actual = await this.#queue.run(ANY, () => derive(password, saltBytes, cost));
    return timingSafeEqual(actual, Buffer.from(expected, 'base64url'));
  }
}

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

function derive(password: string, salt: Buffer, { log2N, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** log2N;
  // It takes 128 * r * (N + p) bytes, and a little more.
  return scryptAsync(password, salt, HASH_BYTES, { N, r, p, maxmem: 256 * r * (N + p) });
}
