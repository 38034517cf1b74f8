import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { canModerate, pollCreators } from '../../auth/permissions.ts';
import type { User } from '../../auth/user.ts';
import type { Principal } from '../../core/actor.ts';
import { formatCursor } from '../../core/cursor.ts';
import type { HistoryPage, HistoryPages } from '../../core/history-pages.ts';
import type { Reader } from '../../core/renderer.ts';
import { languageFor, signedIn } from '../../http/respond.ts';
import { LIVE_REACTIONS } from '../../shared/live-reactions.ts';
import { roomPath } from '../../shared/routes.ts';
import { loadPage, PAGE } from '../messages/history-query.ts';
import { MAX_CHARACTERS } from '../messages/message-text.ts';
import { pendingTemplate } from '../messages/pending-template.ts';
import { writeDenialView } from '../moderation/own-mute.ts';
import { acceptsSuggestions, pollKinds } from '../polls/poll-kinds.ts';
import type { ChatRoom } from './chat-room.ts';
import type { RoomContextParts } from './room-context.ts';
import { isFromHere, prefetchRooms } from './room-prefetch.ts';
import { roomView } from './room-view.ts';
import { sidebarRooms } from './sidebar-rooms.ts';

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
export const VIEWS = ['now', 'questions', 'chat'] as const;

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
  const membership = await room.memberships.of(person);
  const reader = { type, address };
  const { fragments, hasOlder, hasNewer } = await loadRoomPage(
    room.history.pages,
    { at, readId: membership?.readId },
    reader,
  );
  const current = await room.polls.current(settings, reader);
  prefetchRooms(ctx);
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
    isFromHere: isFromHere(ctx),
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
