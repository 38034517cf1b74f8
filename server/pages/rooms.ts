import Router from 'koa-router';
import { MAX_CHARACTERS } from '../chat/command.ts';
import { formatCursor } from '../chat/cursor.ts';
import type { Lobby } from '../chat/lobby.ts';
import type { Room } from '../chat/room.ts';
import { readRoomName } from '../chat/room-name.ts';
import { readNumber } from './query.ts';

/** Messages on one page of the history. */
const PAGE = { standard: 50, most: 100 } as const;

/** The rooms: the page of each, and its history. */
export function rooms(lobby: Lobby): Router {
  const router = new Router({ sensitive: true });

  const show = ({ name, latest, epoch, head }: Room) => ({
    room: name,
    cursor: formatCursor({ epoch, seq: head }),
    messages: latest.map(({ html }) => html).join(''),
    most: MAX_CHARACTERS,
  });

  router.get('/', async (ctx) => {
    await ctx.render('room', show(await lobby.room('lobby')));
  });

  router.get('/rooms/:room', async (ctx) => {
    await ctx.render('room', show(await lobby.room(readRoomName(ctx.params.room ?? ''))));
  });

  /** Older messages: those before the message `before`, the oldest first, at most `limit`. */
  router.get('/rooms/:room/messages', async (ctx) => {
    const room = await lobby.room(readRoomName(ctx.params.room ?? ''));
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_NUMBER });
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: PAGE.most });
    const fragments = await room.before(before ?? MAX_NUMBER, limit ?? PAGE.standard);
    ctx.set('Cache-Control', 'no-store');
    ctx.vary('Accept');
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.type = 'json';
      ctx.body = `{"messages":[${fragments.map(({ json }) => json).join(',')}]}`;
    } else {
      ctx.type = 'html';
      ctx.body = fragments.map(({ html }) => html).join('');
    }
  });

  return router;
}

const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
