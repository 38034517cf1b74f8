import type Router from 'koa-router';
import { formatCursor } from '../../core/cursor.ts';
import { PAGE_BYTES } from '../../core/room-history.ts';
import { openRoom, type RoomContextParts } from '../../http/room-context.ts';
import { roomPath } from '../../shared/routes.ts';
import type { Fragment } from '../messages/fragment.ts';

/** Messages at the side: a projector has room for few. */
const MAX_SIDEBAR = 20;
/** Bytes of messages there, of those that are pinned and of the last. */
const SIDEBAR_BYTES = 64 * 1024;

/** The page of a room for a projector: its polls, one at a time, and what is said beside them. */
export function projectorRoutes(router: Router, parts: RoomContextParts): void {
  router.get('/rooms/:room/present', async (ctx) => {
    const { room, address } = await openRoom(ctx, parts);
    const reader = { type: 'html', address } as const;
    const { settings, history } = room;
    // What changes while the store is asked comes after the cursor, once more.
    const cursor = formatCursor(history.cursor);
    const polls = await room.polls.latest(reader, PAGE_BYTES);
    const pinned = without(await history.byIds(settings.pinned, reader, SIDEBAR_BYTES), polls);
    const latest = await history.latest(reader, SIDEBAR_BYTES);
    const beside = without(latest.fragments, [...polls, ...pinned]).slice(-MAX_SIDEBAR);
    await ctx.render('present', {
      room: room.name,
      path: roomPath(room.name),
      topic: settings.topic,
      count: room.count,
      cursor,
      polls: htmlOf(polls),
      pinned: htmlOf(pinned),
      latest: htmlOf(beside),
    });
  });
}

/** What has its place elsewhere on the page is not there twice. */
function without(all: readonly Fragment[], others: readonly Fragment[]): readonly Fragment[] {
  const ids = new Set(others.map(({ id }) => id));
  return all.filter(({ id }) => !ids.has(id));
}

function htmlOf(fragments: readonly Fragment[]): string {
  return fragments.map(({ html }) => html).join('');
}
