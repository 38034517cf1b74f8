import { z } from 'zod';
import type { Bus } from '../core/bus.ts';
import type { AddressRateLimiter } from './rate-limiter.ts';

const TOPIC = 'rate-limits';

const told = z.object({
  limit: z.string().max(40),
  change: z.enum(['charge', 'refund']),
  address: z.string().min(1).max(100),
});

/** A rate limit of what addresses request. */
export type RequestLimiter = Pick<AddressRateLimiter, 'take' | 'refund'>;

/**
 * Rate limits that several nodes or workers have together: each tells the others what it admits. What is
 * lost, or admitted elsewhere at the same moment, comes on top; then the next token comes later.
 * @param limiters those of this one, by their names
 */
export function sharedRateLimits<N extends string>(
  limiters: Readonly<Record<N, AddressRateLimiter>>,
  bus: Bus,
): Readonly<Record<N, RequestLimiter>> {
  const byName = new Map<string, AddressRateLimiter>(Object.entries(limiters));
  bus.hear(TOPIC, (body) => {
    const { data } = told.safeParse(body);
    if (data) byName.get(data.limit)?.[data.change](data.address);
  });
  const shared = [...byName].map(([limit, limiter]): [string, RequestLimiter] => [
    limit,
    {
      take(address) {
        if (!limiter.take(address)) return false;
        bus.tell(TOPIC, { limit, change: 'charge', address });
        return true;
      },
      refund(address) {
        limiter.refund(address);
        bus.tell(TOPIC, { limit, change: 'refund', address });
      },
    },
  ]);
  return Object.fromEntries(shared) as Record<N, RequestLimiter>;
}
