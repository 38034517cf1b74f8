import { AddressRateLimiter, KeyedRateLimiter } from './rate-limiter.ts';
import { RATES } from './rates.ts';

/** Who sends something. */
interface Sender {
  /** `undefined` where that is not known: then only the address counts. */
  readonly uid: string | undefined;
  readonly address: string;
}

/**
 * What becomes of what somebody sends: it is taken; or it is more than the user may send, `flood` where
 * they have done so for long; or more than all at the address may.
 */
export type Verdict = 'taken' | 'user' | 'flood' | 'address';

/**
 * Counts what users send, however it comes: whoever spreads it over many connections, or over
 * connections and requests, may send no more. It remembers nothing of those who only listen.
 */
export class SendLimits {
  readonly #isLimited: boolean;
  readonly #users: KeyedRateLimiter;
  readonly #excess: KeyedRateLimiter;
  readonly #addresses: AddressRateLimiter;

  /** @param now milliseconds that only grow */
  constructor(isLimited: boolean, now?: () => number) {
    this.#isLimited = isLimited;
    this.#users = new KeyedRateLimiter(RATES.user.sent, now);
    this.#excess = new KeyedRateLimiter(RATES.user.excess, now);
    this.#addresses = new AddressRateLimiter(RATES.address.sent, now);
  }

  /** Counts one thing. What is too much of a user is none of what their address may send. */
  take({ uid, address }: Sender): Verdict {
    if (!this.#isLimited) return 'taken';
    if (uid !== undefined && !this.#users.take(uid))
      return this.#excess.take(uid) ? 'user' : 'flood';
    return this.#addresses.take(address) ? 'taken' : 'address';
  }
}
