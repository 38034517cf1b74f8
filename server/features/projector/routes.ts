import type Router from 'koa-router';
import { canControlStage, pollCreators } from '../../auth/permissions.ts';
import { formatCursor } from '../../core/cursor.ts';
import { ChatError } from '../../core/errors.ts';
import type { Fragment } from '../../core/fragment.ts';
import { PAGE_BYTES } from '../../core/history-pages.ts';
import type { Reader } from '../../core/renderer.ts';
import { languageFor, respond, typeFor } from '../../http/respond.ts';
import { formatStage } from '../../shared/stage.ts';
import { newClientId } from '../client-id.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';
import { stateTexts } from '../rooms/room-state.ts';
import { roomView } from '../rooms/room-view.ts';
import { remoteView } from './remote-view.ts';
import { stagedPolls } from './staged-polls.ts';

/** Messages in the sidebar: a projector has room for few. */
const MAX_SIDEBAR = 20;
/** Bytes of messages in it, pinned and latest ones each. */
const SIDEBAR_BYTES = 64 * 1024;

/** The projector page of a room: its polls, one at a time, with the latest messages. */
export function projectorRoutes(router: Router, parts: RoomContextParts): void {
  router.get('/rooms/:room/present', async (ctx) => {
    const { room, user, address } = await openRoom(ctx, parts);
    const reader = { type: languageFor(ctx), address };
    const { settings, history } = room;
    // A change during the queries comes after the cursor, and so is sent again.
    const cursor = formatCursor(history.cursor);
    const listed = await room.polls.list();
    const polls = await room.polls.render(listed, reader, PAGE_BYTES);
    const { view, shown } = remoteView(listed, settings);
    const pinned = without(
      await history.pages.byIds(settings.pinned, reader, SIDEBAR_BYTES),
      polls,
    );
    const latest = await history.pages.latest(reader, SIDEBAR_BYTES);
    const sidebar = without(latest.fragments, [...polls, ...pinned]).slice(-MAX_SIDEBAR);
    await ctx.render('projector', {
      ...roomView(room),
      topic: settings.topic,
      pollCreators: pollCreators(settings),
      count: room.count,
      cursor,
      stage: formatStage(settings.stage),
      canControl: user !== undefined && canControlStage(settings, user),
      view,
      isIdle: shown === undefined,
      polls: stagedPolls(polls, reader, shown),
      pinned: htmlOf(pinned, reader),
      latest: htmlOf(sidebar, reader),
    });
  });

  /** The remote: a page from which moderators control the projectors. */
  router.get('/rooms/:room/remote', async (ctx) => {
    const { room, user } = await openRoom(ctx, parts);
    const { settings } = room;
    if (!user || !canControlStage(settings, user)) throw new ChatError('not-moderator');
    ctx.set('Cache-Control', 'no-store');
    const cursor = formatCursor(room.history.cursor);
    const polls = await room.polls.list();
    const remote = remoteView(polls, settings);
    const held = await room.polls.held(polls);
    const prepared = await room.polls.prepared(settings, user);
    const { count } = room;
    const cid = newClientId();
    await ctx.render('remote', {
      ...roomView(room),
      ...remote,
      held,
      prepared,
      count,
      cursor,
      cid,
    });
  });

  /** The state of the room, with what its projectors show. */
  router.get('/rooms/:room/stage', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    const type = typeFor(ctx);
    const { settings, count } = room;
    const texts = stateTexts({ room: settings, people: [], count, isWhole: false }, type);
    respond(ctx, type === 'json' ? `[${texts.join(',')}]` : texts.join(''));
  });
}

/** Messages shown elsewhere on the page are not repeated. */
function without(all: readonly Fragment[], others: readonly Fragment[]): readonly Fragment[] {
  const ids = new Set(others.map(({ id }) => id));
  return all.filter(({ id }) => !ids.has(id));
}

function htmlOf(fragments: readonly Fragment[], { type }: Reader): string {
  return fragments.map((fragment) => fragment.text(type)).join('');
}
