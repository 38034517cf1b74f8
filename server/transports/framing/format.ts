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
  /** Proves to the server, next time, that the client is this visitor; none for a session. */
  readonly token: string | null;
  readonly isModerator: boolean;
}

/** Somebody as the list of who is here shows them. */
export interface PresenceEntry {
  readonly uid: string;
  readonly name: string | null;
  readonly state: 'here' | 'away' | 'gone';
  readonly isTyping: boolean;
}

/** What is told beside the log: how the room is kept, who is here, and how many. */
export interface RoomState {
  readonly room?: {
    readonly topic: string;
    readonly owner: string | null;
    readonly isLocked: boolean;
    readonly slowS: number;
    /** Messages that are kept in sight, by their ids. */
    readonly pinned: readonly number[];
  };
  readonly people: readonly PresenceEntry[];
  readonly count: number;
  /** Whether the people are all there are to show: whoever else was shown has gone. */
  readonly isWhole: boolean;
}

/** What there is to say to a client, each thing as one text. */
export interface Format {
  readonly type: TextType;
  message(fragment: Fragment): string;
  /** Who the client is to the server. */
  welcome(welcome: Welcome): string;
  /** A message that was sent again under its client id is the message `id`, posted before. */
  ack(cid: string, id: number): string;
  /** What came before is not the whole: the client forgets it, and what follows begins anew. */
  reset(): string;
  /** The client has all there is, up to the cursor; from here on it hears what happens. It is told the time. */
  synced(cursor: string): string;
  /** What is beside the log, in as many texts as it takes. */
  state(aside: RoomState): readonly string[];
  /** What somebody chose in a poll, for themselves alone. */
  vote(vote: Vote): string;
  /** The counts of a poll, for those who see them before the others. */
  results(id: number, poll: Poll): string;
  /** What was refused, and why. */
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

/** Events, for programs. */
export const json: Format = {
  type: 'json',
  message: (fragment) => fragment.json,
  // Of all that is known of a person, what the page is told as well: not the session, nor an address.
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
