import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { readCookie } from '../http/request/cookies.ts';
import type { Keyring } from './keyring.ts';

export const BROWSER_COOKIE = 'browser';
/** Secrets that a browser is remembered to have given, latest first: some 45 bytes each. */
const MAX_PROOFS = 8;

/** A browser, whatever its user and tabs: it guesses passwords, votes and is banned as one. */
export interface Browser {
  readonly id: string;
  /** Signatures of the secrets it has given. */
  readonly proofs: readonly string[];
}

/**
 * Identifies browsers by a signed cookie, which also remembers the secrets they have given (OWASP,
 * Slow Down Online Guessing Attacks with Device Cookies). It grants no access.
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

  /** A new browser. */
  issue(): Browser {
    return { id: randomBytes(16).toString('base64url'), proofs: [] };
  }

  /** Whether a browser has given a secret, even if that has changed since. */
  hasProof({ id, proofs }: Browser, secret: string): boolean {
    return proofs.some((proof) => this.#keys.verify(proofText(id, secret), proof));
  }

  /** The same browser, after it has given the right secret. */
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

/** An id has no spaces: it ends where the secret starts. */
function proofText(id: string, secret: string): string {
  return `known ${id} ${secret}`;
}
