import type { Context } from 'koa';
import type Router from 'koa-router';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import type { Fragment } from '../../core/fragment.ts';
import { wantsJson } from '../../http/request/accepted-format.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import type { RequestLimiter } from '../../limits/shared-rate-limits.ts';
import { MAX_ID } from '../messages/history-query.ts';
import { postView } from '../messages/post-view.ts';
import type { ChatRoom } from '../rooms/chat-room.ts';
import { readableRooms } from '../rooms/readable-rooms.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';
import { roomView } from '../rooms/room-view.ts';
import type { Hit, SearchRequest, SearchResult } from './search.ts';
import { isEmpty, MAX_QUERY, parseQuery } from './search-query.ts';

/** Hits per page. */
const PAGE = 20;
/** The result of an empty query. */
const NOTHING: Found = { hits: [], titles: new Map(), coverage: 1 };

interface Parts extends RoomContextParts {
  /** The rate limit of searches from one address. */
  readonly limits: RequestLimiter;
}

/**
 * Finds the messages that contain all words of `q`, of the authors it names, newest first: those of a room, or with `scope=all`
 * those of all rooms that the client knows of and may enter.
 */
export function searchRoutes(router: Router, parts: Parts): void {
  router.get('/rooms/:room/search', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    const q = readText(ctx.query.q);
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_ID }) ?? MAX_ID;
    const isEverywhere = ctx.query.scope === 'all';
    if (q.length > MAX_QUERY.count) throw new ChatError('invalid-search', MAX_QUERY);
    const { room, user, address } = await openRoom(ctx, parts);
    const isSearch = q.trim() !== '';
    // Punctuation only is no query: "nothing found" would be wrong.
    const parsed = parseQuery(q);
    const isOfSigns = isSearch && parsed !== undefined && isEmpty(parsed);
    if ((isOfSigns || !isSearch) && wantsJson(ctx.req)) throw new ChatError('empty-search');
    if (isSearch && !parts.limits.take(address)) throw new ChatError('rate-limited');
    const where = { room, user, address, isEverywhere };
    const query = { text: q, before, limit: PAGE };
    const found = isSearch && !isOfSigns ? await find(ctx, where, query) : NOTHING;
    ctx.vary('Accept');
    if (wantsJson(ctx.req)) {
      const messages = found.hits.map(({ message }) => message);
      answerJson(ctx, found, await room.history.pages.render(messages, { type: 'json', address }));
    } else {
      const { hits, titles, next, coverage } = found;
      const most = MAX_QUERY.count;
      const percent = coverage === 1 ? undefined : Math.floor(coverage * 100);
      const form = { ...roomView(room), q, most, isSearch, isOfSigns, isEverywhere };
      const results = hits.map((hit) => resultOf(hit, titles));
      await ctx.render('panel', { tab: 'search', ...form, results, next, percent });
    }
  });

  async function find(ctx: Context, where: Where, query: Omit<SearchRequest, 'rooms'>) {
    const { room, address, isEverywhere } = where;
    const readable = () => readableRooms(ctx, parts, where);
    const titles = isEverywhere ? await readable() : new Map([[room.name, room.settings.title]]);
    const found = await parts.rooms.search({ ...query, rooms: [...titles.keys()] }, address);
    // The search may have waited: in the meantime a room may have been closed to the client.
    const still = isEverywhere ? await readable() : titles;
    return { ...found, titles, hits: found.hits.filter(({ message }) => still.has(message.room)) };
  }
}

/** The room whose page searches, and who searches. */
interface Where {
  readonly room: ChatRoom;
  readonly user: User | undefined;
  readonly address: string;
  /** Whether other rooms are searched, too. */
  readonly isEverywhere: boolean;
}

/** What was found, and the titles of the rooms that were searched. */
interface Found extends SearchResult {
  readonly titles: ReadonlyMap<string, string>;
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
function resultOf({ message, snippet }: Hit, titles: ReadonlyMap<string, string>) {
  const title = titles.size > 1 ? titles.get(message.room) : undefined;
  return { ...postView(message), title, pieces: snippet };
}

/** A repeated parameter is read as one text. */
function readText(text: string | string[] | undefined): string {
  return [text ?? ''].flat().join(' ');
}
