import type { IncomingMessage } from 'node:http';
import { ChatError } from '../core/errors.ts';
import { AttemptLimiter } from '../limits/attempt-limiter.ts';
import { AddressRateLimiter, KeyedRateLimiter } from '../limits/rate-limiter.ts';
import { RATES } from '../limits/rates.ts';
import { LruMap } from '../shared/lru-map.ts';
import type { Browser, BrowserCookies } from './browsers.ts';

/** What may be guessed: the password of the server, a room or a name, or the moderator key. */
export type Secret = 'server' | 'moderator' | `room ${string}` | `account ${string}`;

/** An attempt that has started. It counts as a failure until it ends in one of these ways. */
export interface Attempt {
  /** The secret was right. */
  succeed(): void;
  /** It does not count: nobody knows whether the secret was right. */
  cancel(): void;
}

/** Counts the failures of keys, and says how long each has to wait. */
type Counter = Pick<KeyedRateLimiter, 'waitSeconds' | 'charge' | 'refund'>;

/** Accounts that are remembered with the addresses from which their password was given. */
const MAX_SUCCEEDED = 10_000;

/**
 * Slows guessing without locking out users who know the secret. docs/access.md explains each limit.
 *
 * A failure counts for the browser and the secret, for the browser and all secrets, for the
 * address, and for an account wherever it comes from. All clients of an address without a cookie
 * are one browser. A browser that has given the secret before counts for itself alone, so that
 * nobody else can lock it out; so does one that is signed in under the account. An address that
 * gave the password of an account is not limited by attempts on it from elsewhere.
 *
 * All of it is in memory, and bounded: only failures are forgotten, never a success.
 */
export class PasswordAttempts {
  readonly #browsers: BrowserCookies;
  readonly #ofSecret: AttemptLimiter;
  readonly #ofBrowser: KeyedRateLimiter;
  readonly #ofAddress: AddressRateLimiter;
  readonly #ofAccount: KeyedRateLimiter;
  readonly #succeeded = new LruMap<string, true>(MAX_SUCCEEDED);

  /** @param now a monotonic clock, in milliseconds */
  constructor(browsers: BrowserCookies, now: () => number = () => performance.now()) {
    this.#browsers = browsers;
    const { browser, address, account } = RATES.failures;
    this.#ofSecret = new AttemptLimiter(now);
    this.#ofBrowser = new KeyedRateLimiter(browser, now);
    this.#ofAddress = new AddressRateLimiter(address, now);
    this.#ofAccount = new KeyedRateLimiter(account, now);
  }

  /**
   * Starts an attempt. Concurrent attempts are limited as much as consecutive ones.
   * @param session in which the browser is signed in under the account, if it is
   * @throws ChatError where it may not be made yet
   */
  begin(
    secret: Secret,
    request: IncomingMessage,
    address: string,
    session: string | null = null,
  ): Attempt {
    const browser = this.#browsers.find(request);
    const isTrusted = session !== null || (browser && this.#browsers.hasProof(browser, secret));
    const own = `${session ?? browser?.id ?? address} ${secret}`;
    const counters: readonly (readonly [Counter, string])[] = [
      [this.#ofSecret, own],
      ...(isTrusted ? [] : this.#shared(secret, browser, address)),
    ];
    const count = Math.max(...counters.map(([counter, key]) => counter.waitSeconds(key)));
    if (count > 0) throw new ChatError('too-many-attempts', { count });
    for (const [counter, key] of counters) counter.charge(key);
    const cancel = () => {
      for (const [counter, key] of counters) counter.refund(key);
    };
    const succeed = () => {
      cancel();
      // The failures of clients without cookies are not undone by one of them.
      if (session !== null || browser) this.#ofSecret.reset(own);
      this.#remember(secret, address);
    };
    return { succeed, cancel };
  }

  /** The counters that are shared with others, each with its key. */
  #shared(
    secret: Secret,
    browser: Browser | undefined,
    address: string,
  ): readonly (readonly [Counter, string])[] {
    const isOfAccount = secret.startsWith('account ');
    const isKnown = this.#succeeded.has(`${address} ${secret}`);
    return [
      [this.#ofBrowser, browser?.id ?? address],
      [this.#ofAddress, address],
      ...(isOfAccount && !isKnown ? [[this.#ofAccount, secret] as const] : []),
    ];
  }

  #remember(secret: Secret, address: string): void {
    if (!secret.startsWith('account ')) return;
    this.#succeeded.set(`${address} ${secret}`, true);
  }
}
