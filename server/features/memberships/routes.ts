import type { Context } from 'koa';
import type Router from 'koa-router';
import { z } from 'zod';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { readFields } from '../../http/request/body.ts';
import { id } from '../fields.ts';
import type { RoomContextParts } from '../rooms/room-context.ts';
import { MAX_LISTED, memberList } from './member-list.ts';

/** What a guest read, by the names of rooms. */
const positions = z.object({
  positions: z.array(z.tuple([z.string().max(200), id])).max(MAX_LISTED),
});

/** The rooms of the signed-in user. */
export function membershipRoutes(router: Router, parts: RoomContextParts): void {
  const { identity, rooms } = parts;

  router.get('/memberships', async (ctx) => {
    const user = await signedInUser(ctx);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { rooms: await memberList(ctx.req, parts, user) };
  });

  /** Merges what the guest had read whom the user was: of two positions the higher counts. */
  router.post('/memberships', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { uid } = await signedInUser(ctx);
    const { success, data } = positions.safeParse(fields);
    if (!success) throw new ChatError('bad-request');
    const named = data.positions.map(([name, readId]) => [rooms.nameAt(name), readId] as const);
    const known = await rooms.settingsOf(named.flatMap(([name]) => name ?? []));
    const changes = named.flatMap(([room, readId]) =>
      room !== undefined && known.has(room) ? { uid, room, readId, notifications: null } : [],
    );
    await Promise.all(changes.map((change) => rooms.changeMembership(change)));
    ctx.body = {};
  });

  async function signedInUser(ctx: Context): Promise<User> {
    const user = await identity.authenticate(ctx.req, undefined);
    if (!user?.session) throw new ChatError('sign-in-required');
    return user;
  }
}
