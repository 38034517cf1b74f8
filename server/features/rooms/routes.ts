import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type Router from 'koa-router';
import { type AccessPasses, ROOM_PASS, roomPassId } from '../../auth/access-passes.ts';
import type { BrowserCookies } from '../../auth/browsers.ts';
import { canModerate, pollCreators } from '../../auth/permissions.ts';
import type { User } from '../../auth/user.ts';
import type { Principal } from '../../core/actor.ts';
import { formatCursor } from '../../core/cursor.ts';
import type { HistoryPage, HistoryPages } from '../../core/history-pages.ts';
import type { Reader } from '../../core/renderer.ts';
import { setCookieOf } from '../../http/cookies.ts';
import { readFields } from '../../http/request/body.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import {
  afterPassword,
  languageFor,
  redirectOrJson,
  rememberBrowser,
  respond,
  safeRedirect,
  signedIn,
  stringField,
  typeFor,
} from '../../http/respond.ts';
import { framed } from '../../http/security-headers.ts';
import { LIVE_REACTIONS } from '../../shared/live-reactions.ts';
import { roomPath } from '../../shared/routes.ts';
import { MAX_CHARACTERS } from '../messages/message-text.ts';
import { pendingTemplate } from '../messages/pending-template.ts';
import { writeDenialView } from '../moderation/own-mute.ts';
import { acceptsSuggestions, pollKinds } from '../polls/poll-kinds.ts';
import type { ChatRoom } from './chat-room.ts';
import { rememberRoom } from './known-rooms.ts';
import { openRoom, type RoomContextParts } from './room-context.ts';
import { roomView } from './room-view.ts';
import { sidebarRooms } from './sidebar-rooms.ts';

/** The number of messages on a page of the history. */
export const PAGE = { default: 50, max: 100 } as const;
export const MAX_ID = Number.MAX_SAFE_INTEGER;
/** Unread messages are counted up to this number, or to a smaller one that is requested. */
export const MAX_UNREAD = 1_000;
const MONTH_MS = 30 * 24 * 60 * 60 * 1000;
/** Room passes in one browser: about 75 bytes each, with every request. */
const PASSES = { start: ROOM_PASS, most: 20 } as const;

interface Parts extends RoomContextParts {
  readonly browsers: BrowserCookies;
  readonly accessPasses: AccessPasses;
}

/** The pages of a room. */
export function roomRoutes(router: Router, parts: Parts): void {
  const { browsers, rooms, identity, roomAccess, accessPasses } = parts;

  const remember = (ctx: Context, { name }: ChatRoom) => {
    rememberBrowser(ctx, browsers);
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

  /** The polls that an audience sees first: the running or the last one, and the Q&A. */
  router.get('/rooms/:room/now', async (ctx) => {
    const { room, address } = await openRoom(ctx, parts);
    const type = typeFor(ctx);
    const reader = { type, address };
    const { running, closed, questions } = await room.polls.current(room.settings, reader);
    const texts = [running, closed, questions].flatMap((poll) => poll?.text(type) ?? []);
    respond(ctx, type === 'json' ? `{"polls":[${texts.join(',')}]}` : texts.join(''));
  });

  /** Submits the password of a room. */
  router.post('/rooms/:room/password', async (ctx) => {
    const fields = await readFields(ctx.req);
    const room = await rooms.open(ctx.params.room);
    const path = roomPath(room.name);
    const next = safeRedirect(stringField(fields, 'next'), path);
    roomAccess.submitPassword(
      room,
      stringField(fields, 'password'),
      ctx.req,
      identity.address(ctx.req),
      next,
    );
    const { passwordHash } = room.settings;
    if (passwordHash !== null) {
      const pass = accessPasses.issueRoomPass(room.name, passwordHash);
      setCookieOf(ctx, PASSES, roomPassId(room.name), pass, MONTH_MS);
      rememberBrowser(ctx, browsers, `room ${room.name}`);
    }
    redirectOrJson(ctx, afterPassword(ctx, next), {});
  });

  /** How many messages of others came after the message `after`, up to `limit`, and since when. */
  router.get('/rooms/:room/unread', async (ctx) => {
    assertSelection(ctx.query, ['after', 'limit']);
    const after = readNumber('after', ctx.query.after, { min: 0, max: MAX_ID }) ?? 0;
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: MAX_UNREAD }) ?? PAGE.max;
    const { room, user } = await openRoom(ctx, parts);
    const { count, since } = await room.history.countAfter(after, user?.uid ?? '', limit + 1);
    ctx.set('Cache-Control', 'no-store');
    ctx.body = {
      count: Math.min(count, limit),
      hasMore: count > limit,
      since: since === null ? null : new Date(since).toISOString(),
    };
  });

  /** The messages alone, in a frame that reloads itself, for browsers without scripts. */
  router.get('/rooms/:room/plain', framed, async (ctx) => {
    assertSelection(ctx.query, ['before'], ['since'], ['at']);
    const before = readNumber('before', ctx.query.before, { min: 1, max: MAX_ID });
    const since = readNumber('since', ctx.query.since, { min: 0, max: MAX_ID });
    const at = readNumber('at', ctx.query.at, { min: 1, max: MAX_ID });
    const { room, address } = await openRoom(ctx, parts);
    ctx.status = 200;
    ctx.set('Cache-Control', 'private, no-cache');
    ctx.etag = `${formatCursor(room.history.cursor)}-${ctx.state.language}-${[before, since, at].join('.')}`;
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
      fragments,
      older: hasOlder ? fragments[0]?.id : undefined,
      newer: hasNewer ? fragments.at(-1)?.id : undefined,
      isLatest: Object.values(query).every((id) => id === undefined),
    });
  });
}

/** A page of messages by id: before or after a message, or around one. */
interface PageQuery {
  readonly before?: number | undefined;
  readonly since?: number | undefined;
  readonly at?: number | undefined;
}

/** The messages of a page; without a query, the latest. */
function loadPage(
  pages: HistoryPages,
  { before, since, at }: PageQuery,
  reader: Reader,
): Promise<HistoryPage> {
  if (at !== undefined) return pages.around(at, PAGE.default, reader);
  if (before !== undefined) return pages.before(before, PAGE.max, reader);
  if (since !== undefined) return pages.after(since, PAGE.max, reader);
  return pages.latest(reader);
}

/** The page of a room: where the user left off, if that is before the latest messages. */
async function loadRoomPage(
  pages: HistoryPages,
  { at, readId }: { readonly at: number | undefined; readonly readId: number | undefined },
  reader: Reader,
): Promise<HistoryPage> {
  const page = await loadPage(pages, { at }, reader);
  const [first] = page.fragments;
  if (at !== undefined || readId === undefined || !page.hasOlder || !first) return page;
  if (first.id <= readId) return page;
  return pages.afterRead(readId, { before: PAGE.default, after: PAGE.max }, reader);
}

/** What a room for an audience shows: what is asked, the Q&A, or the messages. */
const VIEWS = ['now', 'questions', 'chat'] as const;

interface RoomView {
  readonly view?: (typeof VIEWS)[number] | undefined;
  readonly person?: User | undefined;
  /** The same, or what is known of a client without an identity. */
  readonly who: Principal;
  /** The client's address. */
  readonly address: string;
  /** The message to show with those around it; without it, the latest are shown. */
  readonly at?: number | undefined;
  /** The text still in the form, and the error it caused. */
  readonly draft?: string;
  readonly notice?: string;
  /** The address of the form that solves it: see pollFormPath. */
  readonly pollForm?: string | undefined;
}

/** A client without an identity: a new guest. */
export const NOBODY = { uid: '', isModerator: false };

/** The page of a room. */
export async function showRoom(
  ctx: Context,
  parts: RoomContextParts,
  room: ChatRoom,
  { person, who, address, at, view, draft = '', notice = '', pollForm }: RoomView,
): Promise<void> {
  const { settings } = room;
  const isOfMessages = at !== undefined || draft !== '' || notice !== '';
  // What is committed during the query comes after the cursor.
  const cursor = formatCursor(room.history.cursor);
  const type = languageFor(ctx);
  const membership = await room.membershipOf(person);
  const reader = { type, address };
  const { fragments, hasOlder, hasNewer } = await loadRoomPage(
    room.history.pages,
    { at, readId: membership?.readId },
    reader,
  );
  const current = await room.polls.current(settings, reader);
  await ctx.render('room', {
    ...roomView(room),
    kind: settings.kind,
    view: settings.kind === 'chat' || isOfMessages ? 'chat' : (view ?? 'now'),
    current,
    pollCreators: pollCreators(settings),
    // A text that is being written would be lost.
    isReloaded: current.poll === undefined || !acceptsSuggestions(current.poll.kind),
    type,
    liveReactions: LIVE_REACTIONS,
    roomPath,
    knownRooms: await sidebarRooms(ctx, parts, { room, user: person, address }),
    online: room.count,
    pollKinds,
    topic: settings.topic,
    person: signedIn(person),
    canModerate: person !== undefined && canModerate(settings, person),
    isEmbedded: ctx.query.embed !== undefined,
    writeDenial: writeDenialView(settings, who, Date.now()),
    cursor,
    at,
    membership,
    hasOlder,
    hasNewer,
    messages: fragments.map((fragment) => fragment.text(type)).join(''),
    pending: pendingTemplate(type),
    most: MAX_CHARACTERS,
    // A form that is submitted twice posts its message once.
    cid: randomBytes(6).toString('base64url'),
    draft,
    notice,
    pollForm,
  });
}
