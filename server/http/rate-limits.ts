import type { Context, Middleware } from 'koa';
import { type Identity, tokenOf } from '../auth/identity.ts';
import { canModerate } from '../auth/permissions.ts';
import type { Settings } from '../auth/room-settings.ts';
import type { User } from '../auth/user.ts';
import type { Bus } from '../core/bus.ts';
import { ChatError } from '../core/errors.ts';
import { AddressRateLimiter, NO_LIMIT } from '../limits/rate-limiter.ts';
import { RATES } from '../limits/rates.ts';
import type { SendLimits } from '../limits/send-limits.ts';
import { type RequestLimiter, sharedRateLimits } from '../limits/shared-rate-limits.ts';
import { roomOf } from '../shared/routes.ts';

type RateName = keyof typeof RATES.requests;

/** What counts differently than its method suggests. Anything else that is no read is a send. */
const POSTS: readonly (readonly [path: RegExp, as: RateName])[] = [
  [/^\/session(?:\/password|\/moderator)?\/?$/, 'signIns'],
  [/^\/settings\/data\/erase\/?$/, 'signIns'],
  [/^(?:\/rooms\/[^/]+)?\/password\/?$/, 'entries'],
  [/^\/rooms\/[^/]+\/files\/?$/, 'files'],
];

type RateLimits = Readonly<Record<RateName, RequestLimiter>>;

/**
 * @param isLimited whether rate limits apply
 * @param bus to the other nodes or workers: what is not just read counts for all of them together
 */
export function createRateLimits(isLimited: boolean, bus: Bus | undefined): RateLimits {
  const limits = Object.entries(RATES.requests).map(
    ([name, rate]) => [name, new AddressRateLimiter(isLimited ? rate : NO_LIMIT)] as const,
  );
  const own = Object.fromEntries(limits) as Record<RateName, AddressRateLimiter>;
  if (!isLimited || !bus) return own;
  const { reads, ...costly } = own;
  return { reads, ...sharedRateLimits(costly, bus) };
}

interface Parts {
  readonly limits: RateLimits;
  readonly sendLimits: SendLimits;
  readonly identity: Identity;
  /** The settings of a room, by its name in the address. @throws ChatError */
  readonly settingsOf: (room: string) => Promise<Settings>;
}

/** Counts each request, before its body is read. */
export function limitRequests({ limits, sendLimits, identity, settingsOf }: Parts): Middleware {
  return async (ctx, next) => {
    const name = rateOf(ctx.method, ctx.path);
    const isTaken = name ? limits[name].take(identity.address(ctx.req)) : await maySend(ctx);
    if (!isTaken) throw new ChatError('rate-limited');
    return next();
  };

  async function maySend(ctx: Context): Promise<boolean> {
    const user = await identity.authenticate(ctx.req, tokenOf(ctx.req));
    const address = identity.address(ctx.req);
    const verdict = sendLimits.take({ uid: user?.uid, address });
    return verdict === 'taken' || (verdict === 'address' && (await keepsRoom(ctx, user)));
  }

  /** Moderators of the room of a request can send while others at their address flood it. */
  async function keepsRoom({ path }: Context, user: User | undefined): Promise<boolean> {
    const name = roomOf(path);
    if (!user?.session || name === undefined) return false;
    return canModerate(await settingsOf(name), user);
  }
}

/** What a request counts as; as something sent where it is none of these. */
function rateOf(method: string, path: string): RateName | undefined {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return POSTS.find(([pattern]) => pattern.test(path))?.[1];
}
