import type { ChatError } from '../../core/errors.ts';
import { allLanguages, hueOf, shortUid } from '../../features/messages/display-name.ts';
import type { Fragment, TextType } from '../../features/messages/fragment.ts';
import type { Poll } from '../../features/polls/poll.ts';
import { optionsJson } from '../../features/polls/poll-view.ts';
import { resultsHtml } from '../../features/polls/results-view.ts';
import type { Vote } from '../../features/polls/vote.ts';
import { type Language, t } from '../../shared/i18n.ts';
import { template } from '../../templates.ts';

export interface Welcome {
  readonly uid: string;
  readonly name: string | null;
  /** Proves to the server, next time, that the client is this guest; `null` for a session. */
  readonly token: string | null;
  readonly isModerator: boolean;
}

/** A user in the presence list. */
export interface PresenceEntry {
  readonly uid: string;
  readonly name: string | null;
  readonly state: 'here' | 'away' | 'gone';
  readonly isTyping: boolean;
}

/** Ephemeral state: room settings, who is here, and how many. */
export interface RoomState {
  readonly room?: {
    readonly topic: string;
    readonly owner: string | null;
    readonly isLocked: boolean;
    readonly slowS: number;
    /** The ids of pinned messages. */
    readonly pinned: readonly number[];
  };
  readonly people: readonly PresenceEntry[];
  readonly count: number;
  /** Whether these are all the users to show: any others have left. */
  readonly isWhole: boolean;
}

/** All that can be sent to a client, each message as one text. */
export interface Format {
  readonly type: TextType;
  message(fragment: Fragment): string;
  /** Who the client is. */
  welcome(welcome: Welcome): string;
  /** A message that was resent under its client id is the message `id`, posted before. */
  ack(cid: string, id: number): string;
  /** What the client has can't be continued: it starts again with what follows. */
  reset(): string;
  /** The client is live: it has everything up to the cursor. The server's time is included. */
  synced(cursor: string): string;
  /** Ephemeral state, in as many texts as it takes. */
  state(aside: RoomState): readonly string[];
  /** A user's own vote in a poll, for them alone. */
  vote(vote: Vote): string;
  /** The results of a poll, for users who see them before others do. */
  results(id: number, poll: Poll): string;
  /** A refused request, and why. */
  error(refusal: ChatError, language: Language, cid: string | null): string;
}

type Data = Readonly<Record<string, string | number | boolean | null>>;

const signal = template<{ name: string; data: Data }>('signal');
const user = template<PresenceEntry & { hue: number; visitor: string; t: typeof allLanguages }>(
  'person',
);
const notice = template<{ code: string; cid: string | null; text: string }>('notice');

/** Fragments, for pages. */
export const html: Format = {
  type: 'html',
  message: (fragment) => fragment.html,
  welcome: ({ uid, name, token, isModerator }) =>
    signal({ name: 'welcome', data: { uid, name, token, moderator: isModerator } }),
  ack: (cid, id) => signal({ name: 'ack', data: { cid, message: id } }),
  reset: () => signal({ name: 'gap', data: {} }),
  synced: (cursor) => signal({ name: 'live', data: { cursor, at: Date.now() } }),
  vote: ({ poll, options, texts }) =>
    signal({
      name: `vote-${poll}`,
      data: { poll, options: options.join(' '), texts: texts ? JSON.stringify(texts) : null },
    }),
  results: (id, poll) => resultsHtml(id, poll, true),
  state: ({ room, people: identity, count, isWhole }) => [
    ...(isWhole ? [signal({ name: 'roster-anew', data: {} })] : []),
    ...(room ? [signal({ name: 'room', data: roomData(room) })] : []),
    ...identity.map((shown) =>
      user({
        ...shown,
        hue: hueOf(shown.uid),
        visitor: shortUid(shown.uid),
        t: allLanguages,
      }),
    ),
    signal({ name: 'people', data: { count } }),
  ],
  error: ({ code, details }, language, cid) =>
    notice({ code, cid, text: t(language, code, details) }),
};

/** JSON, for programs. */
export const json: Format = {
  type: 'json',
  message: (fragment) => fragment.json,
  // Only what a page is sent as well: neither the session nor an address.
  welcome: ({ uid, name, token, isModerator }) =>
    JSON.stringify({ type: 'welcome', uid, name, token, isModerator }),
  ack: (cid, id) => JSON.stringify({ type: 'ack', cid, id }),
  reset: () => JSON.stringify({ type: 'gap' }),
  synced: (cursor) => JSON.stringify({ type: 'live', cursor, at: Date.now() }),
  vote: ({ poll, options, texts }) => JSON.stringify({ type: 'vote', poll, options, texts }),
  results: (id, poll) =>
    JSON.stringify({ type: 'results', poll: id, options: optionsJson(poll, true) }),
  state: ({ room, people: identity, count, isWhole }) => [
    ...(isWhole ? [JSON.stringify({ type: 'roster-anew' })] : []),
    ...(room ? [JSON.stringify({ type: 'room', ...room })] : []),
    ...identity.map((shown) => JSON.stringify({ type: 'person', ...shown })),
    JSON.stringify({ type: 'people', count }),
  ],
  error: ({ code, details }, language, cid) =>
    JSON.stringify({ type: 'notice', code, cid, text: t(language, code, details) }),
};

function roomData({ topic, owner, isLocked, slowS, pinned }: NonNullable<RoomState['room']>): Data {
  return { topic, owner, locked: isLocked, slow: slowS, pinned: pinned.join(' ') };
}
