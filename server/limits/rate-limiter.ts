import { siteOf } from '../http/request/client-address.ts';
import { type Rate, SITE_FACTOR } from './rates.ts';

export const NO_LIMIT: Rate = { burst: Number.POSITIVE_INFINITY, perSecond: 0 };

/** One for all: a limiter is small, and there may be many. */
const monotonic = () => performance.now();

/** A token bucket. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #now: () => number;
  #tokens: number;
  #since: number;

  /** @param now milliseconds that only grow */
  constructor(rate: Rate, now: () => number = monotonic) {
    this.#rate = rate;
    this.#now = now;
    this.#tokens = rate.burst;
    this.#since = now();
  }

  /** Takes one, if there is one. */
  take(): boolean {
    const now = this.#now();
    const gained = ((now - this.#since) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/**
 * Keys that are remembered. The one that asked for nothing for longest is forgotten, and has its whole
 * burst again: whoever brings so many keys that one is forgotten has had as much of each of these.
 */
const MAX_KEYS = 10_000;

/** A limiter for each of many: for each user, say. */
export class KeyedRateLimiter {
  readonly #rate: Rate;
  readonly #now: (() => number) | undefined;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: Rate, now?: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes one of those of a key, if there is one. */
  take(key: string): boolean {
    if (this.#rate === NO_LIMIT) return true;
    const limiter = this.#buckets.get(key) ?? new TokenBucket(this.#rate, this.#now);
    // What was used last stands last.
    this.#buckets.delete(key);
    this.#buckets.set(key, limiter);
    if (this.#buckets.size > MAX_KEYS) {
      const [oldest = ''] = this.#buckets.keys();
      this.#buckets.delete(oldest);
    }
    return limiter.take();
  }
}

/**
 * A limiter for each address. A site with IPv6 has 65,536 networks of the kind that counts as one
 * address (RFC 6177), so that it is limited as a whole as well.
 */
export class AddressRateLimiter {
  readonly #addresses: KeyedRateLimiter;
  readonly #sites: KeyedRateLimiter;

  constructor(rate: Rate, now?: () => number) {
    const { burst, perSecond } = rate;
    const ofSite = { burst: burst * SITE_FACTOR, perSecond: perSecond * SITE_FACTOR };
    this.#addresses = new KeyedRateLimiter(rate, now);
    this.#sites = new KeyedRateLimiter(rate === NO_LIMIT ? NO_LIMIT : ofSite, now);
  }

  /** Takes one of those of an address, as `clientAddress` gives it, if there is one. */
  take(address: string): boolean {
    const site = siteOf(address);
    return this.#addresses.take(address) && (site === undefined || this.#sites.take(site));
  }
}
