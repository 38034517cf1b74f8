import type Router from 'koa-router';
import { shortUid } from '../../shared/short-uid.ts';
import { postView } from '../messages/post-view.ts';
import { shownText } from '../search/searchable-text.ts';
import { snippet } from '../search/snippet.ts';
import { openRoom, type RoomContextParts } from './room-context.ts';
import { roomView } from './room-view.ts';

/** The pages of a room that are tabs of its panel: who is online, and what is pinned. */
export function panelRoutes(router: Router, parts: RoomContextParts): void {
  router.get('/rooms/:room/people', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    const { people, count } = room.state;
    const members = people.map((person) => ({ ...person, shortId: shortUid(person.uid) }));
    ctx.set('Cache-Control', 'no-store');
    await ctx.render('panel', { ...roomView(room), tab: 'people', members, count });
  });

  router.get('/rooms/:room/pinned', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    const pinned = await room.pinned();
    const results = pinned.map((message) => ({
      ...postView(message),
      pieces: snippet(shownText(message), []) ?? [],
    }));
    ctx.set('Cache-Control', 'no-store');
    await ctx.render('panel', { ...roomView(room), tab: 'pinned', results });
  });
}
