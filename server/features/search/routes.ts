import type { Context } from 'koa';
import type Router from 'koa-router';
import { ChatError } from '../../core/errors.ts';
import type { Fragment } from '../../core/fragment.ts';
import { wantsJson } from '../../http/request/accepted-format.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import type { AddressRateLimiter } from '../../limits/rate-limiter.ts';
import { hueOf } from '../../shared/display-name.ts';
import { shortUid } from '../../shared/short-uid.ts';
import { MAX_ID } from '../messages/history-query.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';
import { roomView } from '../rooms/room-view.ts';
import type { Hit, SearchResult } from './search.ts';
import { MAX_QUERY, parseQuery } from './search-query.ts';

/** Hits per page. */
const PAGE = 20;
/** The result of an empty query. */
const NOTHING: SearchResult = { hits: [], coverage: 1 };

interface Parts extends RoomContextParts {
  /** The rate limit of searches from one address. */
  readonly limits: AddressRateLimiter;
}

/** Finds the messages of a room that contain all words of `q`, newest first. */
export function searchRoutes(router: Router, parts: Parts): void {
  router.get('/rooms/:room/search', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    const q = readText(ctx.query.q);
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_ID }) ?? MAX_ID;
    if (q.length > MAX_QUERY.count) throw new ChatError('invalid-search', MAX_QUERY);
    const { room, address } = await openRoom(ctx, parts);
    const isSearch = q.trim() !== '';
    // Punctuation only is no query: "nothing found" would be wrong.
    const isOfSigns = isSearch && parseQuery(q)?.length === 0;
    if ((isOfSigns || !isSearch) && wantsJson(ctx.req)) throw new ChatError('empty-search');
    if (isSearch && !parts.limits.take(address)) throw new ChatError('rate-limited');
    const query = { text: q, before, limit: PAGE };
    const found = isSearch && !isOfSigns ? await room.search(query, address) : NOTHING;
    ctx.vary('Accept');
    if (wantsJson(ctx.req)) {
      const messages = found.hits.map(({ message }) => message);
      answerJson(ctx, found, await room.history.pages.render(messages, { type: 'json', address }));
    } else {
      const { hits, next, coverage } = found;
      const most = MAX_QUERY.count;
      const percent = coverage === 1 ? undefined : Math.floor(coverage * 100);
      const form = { ...roomView(room), q, most, isSearch, isOfSigns };
      await ctx.render('search', { ...form, results: hits.map(resultOf), next, percent });
    }
  });
}

/** The results as JSON. */
function answerJson(ctx: Context, found: SearchResult, shown: readonly Fragment[]): void {
  const { hits, coverage } = found;
  // Not all may have fit: continue after the last that did.
  const next = shown.length < hits.length ? shown.at(-1)?.id : found.next;
  const messages = shown.map((fragment) => fragment.text('json'));
  ctx.type = 'json';
  ctx.body = `{"messages":[${messages.join(',')}],"before":${next ?? null},"indexed":${coverage === 1}}`;
}

/** A search result for the page. */
function resultOf({ message: { id, uid, name, at }, snippet }: Hit) {
  return {
    id,
    name,
    shortId: shortUid(uid),
    hue: hueOf(uid),
    at: new Date(at).toISOString(),
    pieces: snippet,
  };
}

/** A repeated parameter is read as one text. */
function readText(text: string | string[] | undefined): string {
  return [text ?? ''].flat().join(' ');
}
