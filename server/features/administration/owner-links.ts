import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constantTimeEqual } from '../../auth/constant-time-equal.ts';

/** The file in the data directory that has the hash of the owner link. */
export const OWNER_LINK = 'owner-link';

const BYTES = 16;
const LINE = /^(first|next) ([\w-]{43})\n$/;

/** Whom a link makes the owner of the server: the first one, or one in place of another. */
type OwnerLinkKind = 'first' | 'next';

/**
 * The link that makes a user the owner of the server. There is one at most: a new one replaces it.
 * Only its hash is stored, so that reading the data directory yields no link.
 */
export class OwnerLinks {
  readonly #file: string | undefined;
  /** The content of the file, where nothing is stored on the disk. */
  #line = '';

  /** @param file the path of its file; `undefined` where nothing is stored */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** Creates a link. Returns its path. */
  issue(kind: OwnerLinkKind): string {
    const token = randomBytes(BYTES).toString('base64url');
    this.#line = `${kind} ${hashOf(token)}\n`;
    if (this.#file !== undefined) {
      // A file that exists may be readable by others.
      rmSync(this.#file, { force: true });
      writeFileSync(this.#file, this.#line, { mode: 0o600, flag: 'wx' });
    }
    return `/own/${token}`;
  }

  /** What a token is for; `undefined` where it is not that of the link. */
  find(token: string): OwnerLinkKind | undefined {
    const [, kind, hash = ''] = LINE.exec(this.#read()) ?? [];
    if (kind === undefined || !constantTimeEqual(hashOf(token), hash)) return undefined;
    return kind === 'first' ? 'first' : 'next';
  }

  /** The link was used. */
  revoke(): void {
    this.#line = '';
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
  }

  /** `typhoon owner` may have written it while the server runs. */
  #read(): string {
    if (this.#file === undefined) return this.#line;
    try {
      return readFileSync(this.#file, 'latin1');
    } catch {
      return '';
    }
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
