import { ChatError } from '../core/errors.ts';
import { siteOf } from './address-key.ts';
import { AddressRateLimiter, NO_LIMIT } from './rate-limiter.ts';
import { RATES, SITE_FACTOR } from './rates.ts';

/** Connections that may be open from one address: a school behind one router shares it. */
const MAX_OPEN = 4_000;

/** Counts the open connections of each address. */
export class ConnectionLimiter {
  readonly #isLimited: boolean;
  readonly #connects: AddressRateLimiter;
  /** Addresses with open connections: no more than there are connections. */
  readonly #open = new Map<string, number>();

  /** @param now a monotonic clock, in milliseconds */
  constructor(isLimited: boolean, now?: () => number) {
    this.#isLimited = isLimited;
    this.#connects = new AddressRateLimiter(isLimited ? RATES.address.connections : NO_LIMIT, now);
  }

  /**
   * Admits one more.
   * @returns a function to call, once, when it has ended
   * @throws ChatError where there are too many, or too many a second
   */
  acquire(address: string): () => void {
    const site = siteOf(address);
    const isFull =
      this.#count(address) >= MAX_OPEN ||
      (site !== undefined && this.#count(site) >= MAX_OPEN * SITE_FACTOR);
    if (this.#isLimited && isFull) throw new ChatError('too-many-connections');
    if (!this.#connects.take(address)) throw new ChatError('rate-limited');
    const keys = site === undefined ? [address] : [address, site];
    for (const key of keys) this.#open.set(key, this.#count(key) + 1);
    return () => {
      for (const key of keys) this.#release(key);
    };
  }

  #count(key: string): number {
    return this.#open.get(key) ?? 0;
  }

  #release(key: string): void {
    const left = this.#count(key) - 1;
    if (left > 0) this.#open.set(key, left);
    else this.#open.delete(key);
  }
}
