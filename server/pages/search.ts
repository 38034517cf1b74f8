import type { Context } from 'koa';
import type Router from 'koa-router';
import { MAX_SEARCH, readSearch } from '../chat/search.ts';
import type { Limits } from '../edge/limiter.ts';
import { readNumber, wantsJson } from '../edge/query.ts';
import { Refusal } from '../errors.ts';
import { excerpt } from '../render/excerpt.ts';
import { fragment } from '../render/fragment.ts';
import { hueOf, shortUid } from '../render/words.ts';
import { pathOf } from '../room-path.ts';
import type { Message } from '../store/message.ts';
import type { Found, Phrase } from '../store/search.ts';
import { textOf } from '../store/searchable.ts';
import { type EntryParts, enter } from './entry.ts';
import { MOST_ID } from './rooms.ts';

/** What is found is shown so many at once. */
const PAGE = 20;
/** What is found where nothing is searched for. */
const NOTHING: Found = { messages: [], part: 1 };

interface Parts extends EntryParts {
  /** How much may be searched from one address. */
  readonly limits: Limits;
}

/** Finds the messages of a room that have all words of `q` in them, the newest first. */
export function searchPages(router: Router, parts: Parts): void {
  router.get('/rooms/:room/search', async (ctx) => {
    const q = readText(ctx.query.q);
    const before = readNumber('before', ctx.query.before, { min: 1, max: MOST_ID }) ?? MOST_ID;
    const { room } = await enter(ctx, parts);
    const phrases = readSearch(q);
    const isSearch = phrases.length > 0;
    const { people, limits } = parts;
    if (isSearch && !limits.take(people.address(ctx.req))) throw new Refusal('slow-down');
    const found = isSearch ? await room.past.search(phrases, before, PAGE + 1) : NOTHING;
    const shown = found.messages.slice(0, PAGE);
    // Where to go on from, if there is more.
    const next = found.messages.length > PAGE ? shown.at(-1)?.id : undefined;
    const isWhole = found.part === 1;
    ctx.vary('Accept');
    if (wantsJson(ctx.req)) answerJson(ctx, shown, next, isWhole);
    else {
      const path = pathOf(room.name);
      const results = shown.map((message) => resultOf(message, phrases));
      const most = MAX_SEARCH.count;
      const percent = isWhole ? undefined : Math.floor(found.part * 100);
      const form = { room: room.name, path, q, most, isSearch };
      await ctx.render('search', { ...form, results, next, percent });
    }
  });
}

/** What was found, for programs. */
function answerJson(
  ctx: Context,
  found: readonly Message[],
  next: number | undefined,
  isWhole: boolean,
): void {
  const messages = found.map((message) => fragment(message).json);
  ctx.type = 'json';
  ctx.body = `{"messages":[${messages.join(',')}],"before":${next ?? null},"indexed":${isWhole}}`;
}

/** A message that was found, as the page shows it. */
function resultOf(message: Message, phrases: readonly Phrase[]) {
  const { id, uid, name, at } = message;
  return {
    id,
    name,
    visitor: shortUid(uid),
    hue: hueOf(uid),
    at: new Date(at).toISOString(),
    pieces: excerpt(textOf(message), phrases),
  };
}

/** What is said twice is said as one. */
function readText(text: string | string[] | undefined): string {
  return [text ?? ''].flat().join(' ');
}
