import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../core/message.ts';
import { type Account, accountQuery } from '../features/accounts/account.ts';
import type { Session } from '../features/accounts/session.ts';
import { sessionQuery } from '../features/accounts/session-query.ts';
import { type FileQueries, fileQueries } from '../features/attachments/file-queries.ts';
import { FLOOR } from '../features/moderation/clear-history.ts';
import { defaultSettings, type Settings } from '../features/moderation/room-settings.ts';
import { isPublic, isShownTo, type Poll, parsePoll } from '../features/polls/poll.ts';
import { type Vote, votes } from '../features/polls/vote.ts';
import { type HistoryPoint, voteHistory } from '../features/polls/vote-history.ts';
import { voters } from '../features/polls/voters.ts';
import { type Position, positions } from './log-position.ts';
import { type Page, pageOf } from './page.ts';

/**
 * UTF-16 units of messages in one answer: what a room starts with or a page of history shows; and
 * what follows a cursor, of which little is sent at once.
 */
const MAX_LENGTH = { page: 1024 * 1024, piece: 64 * 1024 } as const;

/** A user's own vote in a poll, and what they see of it. */
export interface OwnVote {
  readonly vote: Vote;
  /** The poll, where they see the results before others do. */
  readonly poll?: Poll;
}

/** A poll that closes by itself. */
export interface ClosingPoll {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly closesAt: number;
}

/** A publicly listed room. */
export interface ListedRoom {
  readonly name: string;
  readonly settings: Settings;
  /** When the last message was posted. Milliseconds since 1970. */
  readonly at: number | null;
}

/** The queries that the store answers. */
export interface Queries extends FileQueries {
  position(): Position;
  /**
   * The changes in a room after `seq`, in their current state and in order.
   * @param floor changes of messages up to this one are left out
   */
  changedSince(room: string, seq: number, floor: number, limit: number): Page;
  /** The messages posted in a room after `id`, in their current state, in the order of posting. */
  postedAfter(room: string, id: number, limit: number): Page;
  /** How many messages of a room changed after `seq`, counted up to `limit`. */
  countSince(room: string, seq: number, limit: number): number;
  /** The latest changes in a room, in their current state and in order. */
  latest(room: string, limit: number): Page;
  /** The last messages of a room posted before the message `id`, in the order they were posted. */
  before(room: string, id: number, limit: number): Page;
  /** The first messages of a room posted after the message `id`, in the order they were posted. */
  after(room: string, id: number, limit: number): Page;
  /** How many messages were posted in a room after the message `id`, counted up to `limit`. */
  countAfter(room: string, id: number, limit: number): number;
  /** The settings of a room; `undefined` where nothing was ever done in it. */
  settings(room: string): Settings | undefined;
  /** The listed rooms without a password, those with the latest messages first. */
  listed(limit: number): ListedRoom[];
  /** The last polls of a room before the message `before`, newest first. */
  polls(room: string, before: number, limit: number): Page;
  /** Some polls of a room with votes that are not counted yet. */
  uncountedPolls(room: string, limit: number): number[];
  /** The open polls of a room that close at a time, those that close first come first. */
  closingPolls(room: string, limit: number): ClosingPoll[];
  /** How the counts of a poll grew. */
  voteHistory(id: number, poll: Pick<Poll, 'isAnonymous' | 'options'>): HistoryPoint[];
  /** A message of a room, in its current state. */
  message(room: string, id: number): Message | undefined;
  /** Which of these polls a voter has voted in. */
  votedIn(polls: readonly number[], keys: readonly string[]): number[];
  /** A voter's choices in the last polls of a room. */
  votesOf(room: string, keys: readonly string[], limit: number): OwnVote[];
  session(id: string): Session | undefined;
  /** The current name of a user; `null` for none. */
  nameOf(uid: string): string | null;
  /** The account of a name, or of one that looks like it. */
  account(skeleton: string, name: string): Account;
}

export function queries(db: DatabaseSync): Queries {
  const changed = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND seq > max(?2, ${FLOOR} - 1) AND id > ?3
     ORDER BY seq LIMIT ?4`,
  );
  const posted = db.prepare(
    `SELECT * FROM messages
     WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) AND kind IN ('said', 'poll')
     ORDER BY id LIMIT ?3`,
  );
  const count = db.prepare(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM messages WHERE room = ?1 AND seq > max(?2, ${FLOOR} - 1) LIMIT ?3)`,
  );
  const latest = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND seq >= ${FLOOR} ORDER BY seq DESC LIMIT ?2`,
  );
  const before = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id < ?2 AND id >= ${FLOOR}
     ORDER BY id DESC LIMIT ?3`,
  );
  const after = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) ORDER BY id LIMIT ?3`,
  );
  const countAfter = db.prepare(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM messages
        WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) AND kind IN ('said', 'poll') LIMIT ?3)`,
  );
  const settings = db.prepare('SELECT settings FROM rooms WHERE name = ?');
  const listed = db.prepare(
    `SELECT name, settings, at FROM rooms WHERE is_listed AND settings ->> 'word' IS NULL
     ORDER BY at DESC LIMIT ?`,
  );
  const polls = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND kind = 'poll' AND id < ?2 AND id >= ${FLOOR}
     ORDER BY id DESC LIMIT ?3`,
  );
  const uncounted = db.prepare('SELECT poll FROM uncounted WHERE room = ? LIMIT ?');
  const closing = db.prepare(
    `SELECT id, body ->> 'closesAt' AS closes FROM messages
     WHERE room = ?1 AND kind = 'poll' AND body ->> 'isOpen' AND body ->> 'closesAt' IS NOT NULL
     ORDER BY body ->> 'closesAt' LIMIT ?2`,
  );
  const message = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id = ?2 AND id >= ${FLOOR}`,
  );
  const pollIds = db.prepare(
    `SELECT id FROM messages WHERE room = ?1 AND kind = 'poll' AND id >= ${FLOOR}
     ORDER BY id DESC LIMIT ?2`,
  );
  const { chosen, vote } = votes(db);
  const { find: voter } = voters(db);
  const nameOf = db.prepare('SELECT name FROM names WHERE uid = ?');
  const read = (room: string, text: unknown): Settings => ({
    ...defaultSettings(room),
    ...JSON.parse(String(text)),
  });
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  type Row = unknown;
  return {
    position: positions(db),
    changedSince: (room, seq, floor, limit) =>
      pageOf(changed.iterate(room, seq, floor, limit + 1), limit, MAX_LENGTH.piece),
    postedAfter: (room, id, limit) =>
      pageOf(posted.iterate(room, id, limit + 1), limit, MAX_LENGTH.piece),
    countSince: (...asked) => Number(count.get(...asked)?.n),
    latest: (room, limit) => inOrder(page(latest.iterate(room, limit + 1), limit)),
    before: (room, id, limit) => inOrder(page(before.iterate(room, id, limit + 1), limit)),
    after: (room, id, limit) => page(after.iterate(room, id, limit + 1), limit),
    countAfter: (...asked) => Number(countAfter.get(...asked)?.n),
    settings(room) {
      const row = settings.get(room);
      return row && read(room, row.settings);
    },
    listed: (limit) =>
      listed.all(limit).map((row) => ({
        name: String(row.name),
        settings: read(String(row.name), row.settings),
        at: row.at === null ? null : Number(row.at),
      })),
    ...fileQueries(db),
    session: sessionQuery(db),
    polls: (room, before, limit) => page(polls.iterate(room, before, limit + 1), limit),
    uncountedPolls: (room, limit) => uncounted.all(room, limit).map(({ poll }) => Number(poll)),
    closingPolls: (room, limit) =>
      closing.all(room, limit).map((row) => ({ id: Number(row.id), closesAt: Number(row.closes) })),
    voteHistory: voteHistory(db).points,
    message: (room, id) => message.get(room, id) as Row as Message | undefined,
    votedIn: (polls, keys) => polls.filter((id) => chosen(id, voter(id, keys)).length > 0),
    votesOf: (room, keys, limit) =>
      pollIds.all(room, limit).flatMap((row) => {
        const id = Number(row.id);
        const uid = voter(id, keys);
        const options = chosen(id, uid);
        if (options.length === 0) return [];
        const poll = parsePoll(String(message.get(room, id)?.body));
        const isInsider = !isPublic(poll) && isShownTo(poll, options);
        return { vote: { ...vote(id, poll, uid, options), keys }, ...(isInsider && { poll }) };
      }),
    nameOf: (uid) => {
      const name = nameOf.get(uid)?.name;
      return typeof name === 'string' ? name : null;
    },
    account: accountQuery(db),
  };
}

function page(rows: Iterable<unknown>, limit: number): Page {
  return pageOf(rows, limit, MAX_LENGTH.page);
}

/** Turns messages that were read newest first into the order of posting. */
function inOrder({ messages, isMore }: Page): Page {
  return { messages: messages.toReversed(), isMore };
}
