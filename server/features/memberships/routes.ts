import type { Context } from 'koa';
import type Router from 'koa-router';
import { z } from 'zod';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { readFields } from '../../http/request/body.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import { id } from '../fields.ts';
import { MAX_ID, PAGE } from '../messages/history-query.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';
import { MAX_LISTED, memberList } from './member-list.ts';

/** Unread messages are counted up to this number, or to a smaller one that is requested. */
const MAX_UNREAD = 1_000;

/** What a guest read, by the names of rooms. */
const positions = z.object({
  positions: z.array(z.tuple([z.string().max(200), id])).max(MAX_LISTED),
});

/** The rooms of the signed-in user, and what is unread. */
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

  /** How many messages of others came after the message `after`, up to `limit`, and since when. */
  router.get('/rooms/:room/unread', async (ctx) => {
    assertSelection(ctx.query, ['after', 'limit']);
    const after = readNumber('after', ctx.query.after, { min: 0, max: MAX_ID }) ?? 0;
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: MAX_UNREAD }) ?? PAGE.max;
    const { room, user } = await openRoom(ctx, parts);
    const { count, since } = await room.history.countAfter(after, user?.uid ?? '', limit + 1);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = {
      count: Math.min(count, limit),
      hasMore: count > limit,
      since: since === null ? null : new Date(since).toISOString(),
    };
  });

  async function signedInUser(ctx: Context): Promise<User> {
    const user = await identity.authenticate(ctx.req, undefined);
    if (!user?.session) throw new ChatError('sign-in-required');
    return user;
  }
}
