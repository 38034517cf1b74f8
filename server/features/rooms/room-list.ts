import type Router from 'koa-router';
import { tokenOf } from '../../auth/identity.ts';
import { hashRoomPassword } from '../../auth/room-password.ts';
import { ChatError } from '../../core/errors.ts';
import { wantsJson } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { redirectOrJson, signedIn, stringField } from '../../http/respond.ts';
import type { AddressRateLimiter } from '../../limits/rate-limiter.ts';
import { roomPath } from '../../shared/routes.ts';
import { parseCreateRoom } from './commands.ts';
import type { RoomContextParts } from './room-context.ts';
import { parseRoomName } from './room-name.ts';

const MAX_LISTED = 100;

interface Parts extends RoomContextParts {
  /** The rate limit of new rooms from one address. */
  readonly limits: AddressRateLimiter;
}

/** The list of public rooms, and creating a room. */
export function roomListRoutes(router: Router, { rooms: lobby, identity, limits }: Parts): void {
  /** The public rooms; or, if a form sends a `name`, a redirect to that room. */
  router.get('/rooms', async (ctx) => {
    if (ctx.query.name !== undefined) {
      ctx.redirect(roomPath(parseRoomName(String(ctx.query.name).trim())));
      return;
    }
    const rooms = await lobby.listPublic(MAX_LISTED);
    ctx.set('Cache-Control', 'no-store');
    if (wantsJson(ctx.req)) {
      ctx.body = { rooms };
      return;
    }
    const user = await identity.authenticate(ctx.req, tokenOf(ctx.req));
    await ctx.render('rooms', { rooms, roomPath, person: signedIn(user) });
  });

  router.get('/random', async (ctx) => {
    const rooms = await lobby.listPublic(MAX_LISTED);
    const room = rooms[Math.floor(Math.random() * rooms.length)];
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(roomPath(room?.name ?? 'lobby'));
  });

  /** Creates a room: `name`, and optionally `topic`, `password` and `listed`. */
  router.post('/rooms', async (ctx) => {
    const user = await identity.authenticate(ctx.req, undefined);
    const fields = await readFields(ctx.req);
    if (!user?.session) throw new ChatError('sign-in-required');
    const name = parseRoomName(stringField(fields, 'name').trim());
    const { topic, password, listed } = parseCreateRoom(fields);
    if (!limits.take(user.address)) throw new ChatError('rate-limited');
    const room = await lobby.open(name);
    await room.create(user, { topic, isListed: listed, passwordHash: hashRoomPassword(password) });
    ctx.status = 201;
    redirectOrJson(ctx, roomPath(name), { name });
  });
}
