import { LruMap } from '../shared/lru-map.ts';
import { siteOf } from './address-key.ts';
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

  /** @param now a monotonic clock, in milliseconds */
  constructor(rate: Rate, now: () => number = monotonic) {
    this.#rate = rate;
    this.#now = now;
    this.#tokens = rate.burst;
    this.#since = now();
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes a token even where there is none: then the next one comes later. */
  charge(): void {
    this.#refill();
    this.#tokens -= 1;
  }

  /** Puts the last token back. */
  refund(): void {
    this.#refill();
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + 1);
  }

  /** Seconds until there is a token; 0 where there is one. */
  get waitSeconds(): number {
    this.#refill();
    const missing = Math.max(1 - this.#tokens, 0);
    return missing === 0 ? 0 : Math.ceil(missing / this.#rate.perSecond);
  }

  #refill(): void {
    const now = this.#now();
    const gained = ((now - this.#since) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#since = now;
  }
}

/**
 * Keys that are remembered. The least recently used one is forgotten, and has its whole burst
 * again: a client with so many keys that one is forgotten has had as much of each of the others.
 */
const MAX_KEYS = 10_000;

/** A rate limiter per key: per user, for example. */
export class KeyedRateLimiter {
  readonly #rate: Rate;
  readonly #now: (() => number) | undefined;
  readonly #buckets = new LruMap<string, TokenBucket>(MAX_KEYS);

  constructor(rate: Rate, now?: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes a token of a key, if there is one. */
  take(key: string): boolean {
    return this.#rate === NO_LIMIT || this.#bucket(key).take();
  }

  /** Takes a token of a key even where there is none: then the next one comes later. */
  charge(key: string): void {
    this.#bucket(key).charge();
  }

  /** Puts back the last token that was taken. */
  refund(key: string): void {
    this.#buckets.get(key)?.refund();
  }

  /** Seconds until a key has a token; 0 where it has one. */
  waitSeconds(key: string): number {
    return this.#buckets.get(key)?.waitSeconds ?? 0;
  }

  #bucket(key: string): TokenBucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    const bucket = new TokenBucket(this.#rate, this.#now);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/**
 * A rate limiter per address. An IPv6 site has 65,536 networks that each count as one address (RFC
 * 6177), so it is limited as a whole as well.
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

  /** Takes a token of an address, as returned by `clientAddress`, if there is one. */
  take(address: string): boolean {
    const site = siteOf(address);
    return this.#addresses.take(address) && (site === undefined || this.#sites.take(site));
  }

  /** Takes a token of an address even where there is none: then the next one comes later. */
  charge(address: string): void {
    const site = siteOf(address);
    this.#addresses.charge(address);
    if (site !== undefined) this.#sites.charge(site);
  }

  /** Puts back the last token that was taken. */
  refund(address: string): void {
    const site = siteOf(address);
    this.#addresses.refund(address);
    if (site !== undefined) this.#sites.refund(site);
  }

  /** Seconds until an address has a token; 0 where it has one. */
  waitSeconds(address: string): number {
    const site = siteOf(address);
    const ofSite = site === undefined ? 0 : this.#sites.waitSeconds(site);
    return Math.max(this.#addresses.waitSeconds(address), ofSite);
  }
}
