import { AddressRateLimiter, KeyedRateLimiter } from './rate-limiter.ts';
import { RATES } from './rates.ts';

/** Who sends something. */
interface Sender {
  /** `undefined` where it is not known: then only the address counts. */
  readonly uid: string | undefined;
  readonly address: string;
}

/**
 * The verdict on what somebody sends: accepted; more than the user may send, `flood` where that
 * goes on for long; or more than all users at the address may.
 */
export type Verdict = 'taken' | 'user' | 'flood' | 'address';

/**
 * Counts what users send, whatever it comes over: spreading it over many connections, or over
 * connections and requests, allows no more. It remembers nothing of users who only read.
 */
export class SendLimits {
  readonly #isLimited: boolean;
  readonly #users: KeyedRateLimiter;
  readonly #excess: KeyedRateLimiter;
  readonly #addresses: AddressRateLimiter;

  /** @param now a monotonic clock, in milliseconds */
  constructor(isLimited: boolean, now?: () => number) {
    this.#isLimited = isLimited;
    this.#users = new KeyedRateLimiter(RATES.user.sent, now);
    this.#excess = new KeyedRateLimiter(RATES.user.excess, now);
    this.#addresses = new AddressRateLimiter(RATES.address.sent, now);
  }

  /** Counts one thing. What exceeds the limit of a user does not count for their address. */
  take({ uid, address }: Sender): Verdict {
    if (!this.#isLimited) return 'taken';
    if (uid !== undefined && !this.#users.take(uid))
      return this.#excess.take(uid) ? 'user' : 'flood';
    return this.#addresses.take(address) ? 'taken' : 'address';
  }
}
