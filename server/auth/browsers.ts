import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readCookie } from '../http/request/cookies.ts';
import type { Keyring } from './keyring.ts';

export const BROWSER_COOKIE = 'browser';
/** Secrets that a browser is remembered to have known, the last first: some 45 bytes each. */
const MAX_PROOFS = 8;

/** A browser, whoever uses it: it guesses passwords, votes and is banned as one, whatever its tabs. */
export interface Browser {
  readonly id: string;
  /** Signatures of what it has known. */
  readonly proofs: readonly string[];
}

/**
 * Tells browsers apart by a signed cookie, which also remembers what they have known before (OWASP, Slow
 * Down Online Guessing Attacks with Device Cookies). It lets nobody in.
 */
export class BrowserCookies {
  readonly #keys: Keyring;

  constructor(keys: Keyring) {
    this.#keys = keys;
  }

  /** The browser that makes a request; `undefined` where it has no cookie of ours. */
  find(request: IncomingMessage): Browser | undefined {
    const cookie = readCookie(request, BROWSER_COOKIE);
    if (cookie === undefined) return undefined;
    const [id = '', signature = '', ...proofs] = cookie.split('.', MAX_PROOFS + 2);
    return this.#keys.verify(`browser ${id}`, signature) ? { id, proofs } : undefined;
  }

  /** One that was not here before. */
  issue(): Browser {
    return { id: randomBytes(16).toString('base64url'), proofs: [] };
  }

  /** Whether a browser has known a secret, be it another one by now. */
  hasProof({ id, proofs }: Browser, secret: string): boolean {
    return proofs.some((proof) => this.#keys.verify(proofText(id, secret), proof));
  }

  /** The same browser, after it has given the right one. */
  withProof(browser: Browser, secret: string): Browser {
    if (this.hasProof(browser, secret)) return browser;
    const proof = this.#keys.sign(proofText(browser.id, secret));
    return { ...browser, proofs: [proof, ...browser.proofs].slice(0, MAX_PROOFS) };
  }

  /** The value of its cookie. */
  cookie({ id, proofs }: Browser): string {
    return [id, this.#keys.sign(`browser ${id}`), ...proofs].join('.');
  }
}

/** An id has no spaces: it ends where the secret begins. */
function proofText(id: string, secret: string): string {
  return `known ${id} ${secret}`;
}
