import { z } from 'zod';
import type { Bus } from '../core/bus.ts';
import { AttemptLimiter } from '../limits/attempt-limiter.ts';
import { AddressRateLimiter, KeyedRateLimiter } from '../limits/rate-limiter.ts';
import { RATES } from '../limits/rates.ts';
import { LruMap } from '../shared/lru-map.ts';

const TOPIC = 'password-attempts';
/** Accounts that are remembered with the addresses from which their password was given. */
const MAX_SUCCEEDED = 10_000;

const key = z.string().min(1).max(1_000);
const changes = z.object({
  change: z.enum(['charge', 'refund', 'reset', 'remember']),
  keys: z.object({
    /** Of a browser and the secret that it guesses; to remember, of an address and its account. */
    secret: key,
    browser: key.optional(),
    address: key.optional(),
    account: key.optional(),
  }),
});

type Change = z.infer<typeof changes>;
/** Which counters an attempt counts for, and under which key. */
export type AttemptKeys = Change['keys'];

/**
 * The failures of passwords, and which addresses have given that of an account. The nodes of a cluster
 * tell each other: guessing is as slow on all of them together as on one. What is lost counts on its
 * own node only.
 */
export class AttemptCounters {
  readonly #ofSecret: AttemptLimiter;
  readonly #ofBrowser: KeyedRateLimiter;
  readonly #ofAddress: AddressRateLimiter;
  readonly #ofAccount: KeyedRateLimiter;
  readonly #succeeded = new LruMap<string, true>(MAX_SUCCEEDED);
  readonly #bus: Bus | undefined;

  /** @param now a monotonic clock, in milliseconds */
  constructor(now: () => number, bus: Bus | undefined) {
    const { browser, address, account } = RATES.failures;
    this.#ofSecret = new AttemptLimiter(now);
    this.#ofBrowser = new KeyedRateLimiter(browser, now);
    this.#ofAddress = new AddressRateLimiter(address, now);
    this.#ofAccount = new KeyedRateLimiter(account, now);
    this.#bus = bus;
    bus?.hear(TOPIC, (body) => {
      const { data } = changes.safeParse(body);
      if (data) this.#apply(data);
    });
  }

  /** Seconds until the next attempt; 0 where it may be made now. */
  waitSeconds(keys: AttemptKeys): number {
    const waits = this.#counters(keys).map(([counter, of]) => counter.waitSeconds(of));
    return Math.max(...waits);
  }

  /** Counts a failure. */
  charge(keys: AttemptKeys): void {
    this.#change({ change: 'charge', keys });
  }

  /** Takes the last failure back. */
  refund(keys: AttemptKeys): void {
    this.#change({ change: 'refund', keys });
  }

  /** Forgets the failures of a browser with a secret. */
  reset(secret: string): void {
    this.#change({ change: 'reset', keys: { secret } });
  }

  /** The password of an account was given from an address. */
  remember(address: string, account: string): void {
    this.#change({ change: 'remember', keys: { secret: `${address} ${account}` } });
  }

  isRemembered(address: string, account: string): boolean {
    return this.#succeeded.has(`${address} ${account}`);
  }

  #change(change: Change): void {
    this.#apply(change);
    this.#bus?.tell(TOPIC, change);
  }

  #apply({ change, keys }: Change): void {
    if (change === 'reset') this.#ofSecret.reset(keys.secret);
    else if (change === 'remember') this.#succeeded.set(keys.secret, true);
    else for (const [counter, of] of this.#counters(keys)) counter[change](of);
  }

  #counters({ secret, browser, address, account }: AttemptKeys) {
    const all = [
      [this.#ofSecret, secret],
      [this.#ofBrowser, browser],
      [this.#ofAddress, address],
      [this.#ofAccount, account],
    ] as const;
    return all.flatMap(([counter, of]) => (of === undefined ? [] : [[counter, of] as const]));
  }
}
