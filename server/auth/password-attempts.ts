import type { IncomingMessage } from 'node:http';
import type { Bus } from '../core/bus.ts';
import { ChatError } from '../core/errors.ts';
import { AttemptCounters, type AttemptKeys } from './attempt-counters.ts';
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
  readonly #counters: AttemptCounters;

  /**
   * @param bus to the other nodes; a server alone has none
   * @param now a monotonic clock, in milliseconds
   */
  constructor(
    browsers: BrowserCookies,
    bus?: Bus | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#browsers = browsers;
    this.#counters = new AttemptCounters(now, bus);
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
    const shared = isTrusted ? {} : this.#shared(secret, browser, address);
    const keys = { secret: own, ...shared };
    const count = this.#counters.waitSeconds(keys);
    if (count > 0) throw new ChatError('too-many-attempts', { count });
    this.#counters.charge(keys);
    const cancel = () => this.#counters.refund(keys);
    const succeed = () => {
      cancel();
      // The failures of clients without cookies are not undone by one of them.
      if (session !== null || browser) this.#counters.reset(own);
      if (isOfAccount(secret)) this.#counters.remember(address, secret);
    };
    return { succeed, cancel };
  }

  /** The keys of the counters that are shared with others. */
  #shared(
    secret: Secret,
    browser: Browser | undefined,
    address: string,
  ): Omit<AttemptKeys, 'secret'> {
    const counts = isOfAccount(secret) && !this.#counters.isRemembered(address, secret);
    return {
      browser: browser?.id ?? address,
      address,
      account: counts ? secret : undefined,
    };
  }
}

function isOfAccount(secret: Secret): boolean {
  return secret.startsWith('account ');
}
