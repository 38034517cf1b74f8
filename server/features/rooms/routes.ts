import type { Context } from 'koa';
import type Router from 'koa-router';
import type { BrowserCookies } from '../../auth/browsers.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import { rememberBrowser } from '../../http/respond.ts';
import { MAX_ID } from '../messages/history-query.ts';
import type { ChatRoom } from './chat-room.ts';
import { rememberRoom } from './known-rooms.ts';
import { openRoom, type RoomContextParts } from './room-context.ts';
import { showRoom, VIEWS } from './room-page.ts';

interface Parts extends RoomContextParts {
  readonly browsers: BrowserCookies;
}

/** The page of a room. */
export function roomRoutes(router: Router, parts: Parts): void {
  const remember = (ctx: Context, { name }: ChatRoom) => {
    rememberBrowser(ctx, parts.browsers);
    if (ctx.query.embed === undefined) rememberRoom(ctx, name);
  };

  router.get('/', async (ctx) => {
    const { room, user, who, address } = await openRoom(ctx, parts, 'lobby');
    remember(ctx, room);
    await showRoom(ctx, parts, room, { person: user, who, address });
  });

  /**
   * The room with its latest messages, or with those around the message `at`; `view` is what a room for
   * an audience shows first.
   */
  router.get('/rooms/:room', async (ctx) => {
    assertSelection(ctx.query, ['at']);
    const at = readNumber('at', ctx.query.at, { min: 1, max: MAX_ID });
    const { room, user, who, address } = await openRoom(ctx, parts);
    remember(ctx, room);
    const view = VIEWS.find((name) => name === ctx.query.view);
    await showRoom(ctx, parts, room, { person: user, who, address, at, view });
  });
}
