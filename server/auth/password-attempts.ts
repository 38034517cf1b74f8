import type { IncomingMessage } from 'node:http';
import { ChatError } from '../core/errors.ts';
import { siteOf } from '../limits/address-key.ts';
import { AttemptLimiter } from '../limits/attempt-limiter.ts';
import { FailureRate } from '../limits/failure-rate.ts';
import { RATES, SITE_FACTOR } from '../limits/rates.ts';
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

/** Counts failures of a key. */
interface Counter {
  waitSeconds(): number;
  fail(): void;
  forgive(): void;
}

/** Accounts and the addresses from which their password was given; the oldest are forgotten. */
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
  readonly #ofBrowser: FailureRate;
  readonly #ofAddress: FailureRate;
  readonly #ofSite: FailureRate;
  readonly #ofAccount: FailureRate;
  readonly #succeeded = new Set<string>();

  /** @param now a monotonic clock, in milliseconds */
  constructor(browsers: BrowserCookies, now: () => number = () => performance.now()) {
    this.#browsers = browsers;
    const { browser, address, account } = RATES.failures;
    const { burst, perSecond } = address;
    const site = { burst: burst * SITE_FACTOR, perSecond: perSecond * SITE_FACTOR };
    this.#ofSecret = new AttemptLimiter(now);
    this.#ofBrowser = new FailureRate(browser, now);
    this.#ofAddress = new FailureRate(address, now);
    this.#ofSite = new FailureRate(site, now);
    this.#ofAccount = new FailureRate(account, now);
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
    const counters = [
      counterOf(this.#ofSecret, own),
      ...(isTrusted ? [] : this.#shared(secret, browser, address)),
    ];
    const count = Math.max(...counters.map((counter) => counter.waitSeconds()));
    if (count > 0) throw new ChatError('too-many-attempts', { count });
    for (const counter of counters) counter.fail();
    const cancel = () => {
      for (const counter of counters) counter.forgive();
    };
    const succeed = () => {
      cancel();
      // The failures of clients without cookies are not undone by one of them.
      if (session !== null || browser) this.#ofSecret.reset(own);
      this.#remember(secret, address);
    };
    return { succeed, cancel };
  }

  /** The counters that are shared with others. */
  #shared(secret: Secret, browser: Browser | undefined, address: string): readonly Counter[] {
    const site = siteOf(address);
    const isOfAccount = secret.startsWith('account ');
    const isKnown = this.#succeeded.has(`${address} ${secret}`);
    return [
      counterOf(this.#ofBrowser, browser?.id ?? address),
      counterOf(this.#ofAddress, address),
      ...(site === undefined ? [] : [counterOf(this.#ofSite, site)]),
      ...(isOfAccount && !isKnown ? [counterOf(this.#ofAccount, secret)] : []),
    ];
  }

  #remember(secret: Secret, address: string): void {
    if (!secret.startsWith('account ')) return;
    const key = `${address} ${secret}`;
    this.#succeeded.delete(key);
    this.#succeeded.add(key);
    const [oldest = ''] = this.#succeeded;
    if (this.#succeeded.size > MAX_SUCCEEDED) this.#succeeded.delete(oldest);
  }
}

function counterOf(
  failures: Pick<AttemptLimiter, 'waitSeconds' | 'recordFailure' | 'undoFailure'>,
  key: string,
): Counter {
  return {
    waitSeconds: () => failures.waitSeconds(key),
    fail: () => failures.recordFailure(key),
    forgive: () => failures.undoFailure(key),
  };
}
