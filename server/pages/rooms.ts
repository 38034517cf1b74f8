import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type Router from 'koa-router';
import { MAX_CHARACTERS } from '../chat/command.ts';
import { formatCursor } from '../chat/cursor.ts';
import type { Lobby } from '../chat/lobby.ts';
import type { Room } from '../chat/room.ts';
import { readRoomName } from '../chat/room-name.ts';
import { readNumber } from '../edge/query.ts';
import { framed } from './headers.ts';

/** Messages on a page of the past, where a page of them is asked for. */
export const PAGE = { standard: 50, most: 100 } as const;
export const MOST_ID = Number.MAX_SAFE_INTEGER;

/** The pages of the rooms. */
export function rooms(router: Router, lobby: Lobby): void {
  const room = (ctx: Context) => lobby.room(ctx.params.room);

  router.get('/', async (ctx) => showRoom(ctx, await lobby.room('lobby')));

  /** Where a form that asks for a room leads. */
  router.get('/rooms', (ctx) => {
    ctx.redirect(pathOf(readRoomName(String(ctx.query.name ?? '').trim())));
  });

  router.get('/rooms/:room', async (ctx) => showRoom(ctx, await room(ctx)));

  /** The messages alone, in a frame that renews itself, for a browser that runs no scripts. */
  router.get('/rooms/:room/plain', framed, async (ctx) => {
    const before = readNumber('before', ctx.query.before, { min: 1, max: MOST_ID });
    const shown = await room(ctx);
    ctx.status = 200;
    ctx.set('Cache-Control', 'private, no-cache');
    ctx.etag = `${formatCursor(shown.cursor)}-${ctx.state.language}-${before ?? ''}`;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    const fragments = before === undefined ? shown.latest : await shown.before(before, PAGE.most);
    await ctx.render('plain', {
      room: shown.name,
      path: pathOf(shown.name),
      messages: fragments.map(({ html }) => html).join(''),
      older: fragments.length === PAGE.most ? fragments[0]?.id : undefined,
      isPast: before !== undefined,
    });
  });
}

/** The page of a room; `draft` is what is still to be said in it, and `notice` what became of it. */
export async function showRoom(
  ctx: Context,
  room: Room,
  { draft = '', notice = '' } = {},
): Promise<void> {
  await ctx.render('room', {
    room: room.name,
    path: pathOf(room.name),
    cursor: formatCursor(room.cursor),
    messages: room.latest.map(({ html }) => html).join(''),
    most: MAX_CHARACTERS,
    // A form that is sent twice says its message once.
    cid: randomBytes(12).toString('hex'),
    draft,
    notice,
  });
}

export function pathOf(room: string): string {
  return `/rooms/${encodeURIComponent(room)}`;
}
