import type Router from 'koa-router';
import type { Identity } from '../../auth/identity.ts';
import { ChatError } from '../../core/errors.ts';
import type { RequestLimiter } from '../../limits/shared-rate-limits.ts';
import { roomPath } from '../../shared/routes.ts';
import type { ChatRooms } from './chat-rooms.ts';
import { isJoinCode } from './join-codes.ts';

interface Parts {
  readonly rooms: ChatRooms;
  readonly identity: Identity;
  /** The rate limit of wrong codes from one address. */
  readonly limits: RequestLimiter;
}

/** Join codes: addresses short enough to type, which lead to a room's own. */
export function joinRoutes(router: Router, { rooms, identity, limits }: Parts): void {
  /** The form for a code, and where it leads. */
  router.get('/j', async (ctx) => {
    if (ctx.query.code === undefined) {
      await ctx.render('join-code', { text: '' });
      return;
    }
    const code = String(ctx.query.code).replace(/\s/g, '');
    if (!isJoinCode(code)) throw new ChatError('no-such-code');
    ctx.redirect(`/j/${code}`);
  });

  router.get('/j/:code', async (ctx) => {
    const { code = '' } = ctx.params;
    if (!isJoinCode(code)) throw new ChatError('no-such-code');
    const address = identity.address(ctx.req);
    if (!limits.take(address)) throw new ChatError('rate-limited');
    const room = await rooms.nameOfCode(code);
    if (room === undefined) throw new ChatError('no-such-code');
    limits.refund(address);
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(roomPath(room));
  });
}
