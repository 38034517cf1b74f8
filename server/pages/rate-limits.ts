import type { Middleware } from 'koa';
import { Limits, NO_LIMIT, type Rate } from '../edge/limiter.ts';
import { Refusal } from '../errors.ts';
import type { People } from '../people/people.ts';

/** What may come from one address: a class behind one router shares it. */
const RATES = {
  reads: { burst: 3_000, perSecond: 100 },
  posts: { burst: 100, perSecond: 20 },
  /** Passwords, of the server and of rooms. */
  entries: { burst: 300, perSecond: 20 },
  signIns: { burst: 100, perSecond: 1 },
  files: { burst: 300, perSecond: 2 },
  searches: { burst: 30, perSecond: 1 },
  voteHistories: { burst: 100, perSecond: 20 },
  /** Rooms that are made. */
  rooms: { burst: 10, perSecond: 1 / 30 },
} as const satisfies Record<string, Rate>;

type RateName = keyof typeof RATES;

/** What counts in another way than its method says. Whatever else is no reading is a post. */
const POSTS: readonly (readonly [path: RegExp, as: RateName])[] = [
  [/^\/session(?:\/passphrase|\/moderator)?\/?$/, 'signIns'],
  [/^(?:\/rooms\/[^/]+)?\/enter\/?$/, 'entries'],
  [/^\/rooms\/[^/]+\/files\/?$/, 'files'],
];

export type RateLimits = Readonly<Record<RateName, Limits>>;

/** @param isLimited whether floods are held back */
export function createRateLimits(isLimited: boolean): RateLimits {
  const limits = Object.entries(RATES).map(
    ([name, rate]) => [name, new Limits(isLimited ? rate : NO_LIMIT)] as const,
  );
  return Object.fromEntries(limits) as RateLimits;
}

/** Counts each request, before its body is read and before anybody looks at who it is from. */
export function limitRequests(limits: RateLimits, people: People): Middleware {
  return (ctx, next) => {
    const name = rateOf(ctx.method, ctx.path);
    if (!limits[name].take(people.address(ctx.req))) throw new Refusal('slow-down');
    return next();
  };
}

function rateOf(method: string, path: string): RateName {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return POSTS.find(([pattern]) => pattern.test(path))?.[1] ?? 'posts';
}
