import type Router from 'koa-router';
import { writeDenial } from '../../auth/permissions.ts';
import { formatCursor } from '../../core/cursor.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import { languageFor } from '../../http/respond.ts';
import { framed } from '../../http/security-headers.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';
import { roomView } from '../rooms/room-view.ts';
import { loadPage, MAX_ID } from './history-query.ts';
import { withUtcTimes } from './utc-times.ts';

/** The history for browsers without scripts. */
export function plainRoutes(router: Router, parts: RoomContextParts): void {
  /** The messages alone, in a frame that reloads itself. */
  router.get('/rooms/:room/plain', framed, async (ctx) => {
    assertSelection(ctx.query, ['before'], ['since'], ['at']);
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_ID });
    const since = readNumber('since', ctx.query.since, { min: 0, max: MAX_ID });
    const at = readNumber('at', ctx.query.at, { min: 1, max: MAX_ID });
    const { room, who, address } = await openRoom(ctx, parts);
    const denial = writeDenial(room.settings, who, Date.now());
    ctx.status = 200;
    ctx.set('Cache-Control', 'private, no-cache');
    const [cursor, selection] = [formatCursor(room.history.cursor), [before, since, at].join('.')];
    ctx.etag = [cursor, ctx.state.language, selection, denial].join('-');
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    const query = { before, since, at };
    const reader = { type: languageFor(ctx), address };
    const { fragments, hasOlder, hasNewer } = await loadPage(room.history.pages, query, reader);
    await ctx.render('noscript', {
      ...roomView(room),
      type: reader.type,
      withUtcTimes,
      denial,
      fragments,
      older: hasOlder ? fragments[0]?.id : undefined,
      newer: hasNewer ? fragments.at(-1)?.id : undefined,
      isLatest: Object.values(query).every((id) => id === undefined),
    });
  });
}
