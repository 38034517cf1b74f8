import type { DatabaseSync } from 'node:sqlite';
import type { Page } from '../../core/history-store.ts';
import { pageOf } from '../../storage/page.ts';
import { FLOOR } from '../moderation/clear-history.ts';
import { isPublic, isShownTo, type Poll, parsePoll } from './poll.ts';
import { preparedPolls } from './prepared-polls.ts';
import { type HeldSuggestion, suggestions } from './suggestions.ts';
import { type Vote, votes } from './vote.ts';
import { voteHistory } from './vote-history.ts';
import { voters } from './voters.ts';

/** UTF-16 units of polls in one answer. */
const MAX_LENGTH = 1024 * 1024;

/** A user's own vote in a poll, and what they see of it. */
interface OwnVote {
  readonly vote: Vote;
  /** The poll, where they see the results before others do. */
  readonly poll?: Poll;
}

/** A poll that closes by itself. */
interface ClosingPoll {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly closesAt: number;
}

/** Queries of polls and of their votes. */
export function pollQueries(db: DatabaseSync) {
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
  const latest = db.prepare(
    `SELECT id, body FROM messages WHERE room = ?1 AND kind = 'poll' AND id >= ${FLOOR}
     ORDER BY id DESC LIMIT ?2`,
  );
  const { chosen, vote } = votes(db);
  const { find: voter } = voters(db);
  const { points } = voteHistory(db);
  const { held } = suggestions(db);
  return {
    /** The last polls of a room before the message `before`, newest first. */
    polls: (room: string, before: number, limit: number): Page =>
      pageOf(polls.iterate(room, before, limit + 1), limit, MAX_LENGTH),
    /** Some polls of a room with votes that are not counted yet. */
    uncountedPolls: (room: string, limit: number): number[] =>
      uncounted.all(room, limit).map(({ poll }) => Number(poll)),
    /** The open polls of a room that close at a time, those that close first come first. */
    closingPolls: (room: string, limit: number): ClosingPoll[] =>
      closing.all(room, limit).map((row) => ({ id: Number(row.id), closesAt: Number(row.closes) })),
    /** The prepared polls of a room, in their order. */
    preparedPolls: preparedPolls(db),
    /** What users suggested in a poll and is not approved yet. */
    heldSuggestions: (poll: number): HeldSuggestion[] => [...held(poll)],
    /** How the counts of a poll grew. */
    voteHistory: points,
    /** Which of these polls a voter has voted in. */
    votedIn: (among: readonly number[], keys: readonly string[]): number[] =>
      among.filter((id) => chosen(id, voter(id, keys)).length > 0),
    /** A voter's choices in the last polls of a room. */
    votesOf: (room: string, keys: readonly string[], limit: number): OwnVote[] =>
      latest.all(room, limit).flatMap(({ id: number, body }) => {
        const id = Number(number);
        const uid = voter(id, keys);
        const options = chosen(id, uid);
        if (options.length === 0) return [];
        const poll = parsePoll(String(body));
        const isInsider = !isPublic(poll) && isShownTo(poll, options);
        return { vote: { ...vote(id, poll, uid, options), keys }, ...(isInsider && { poll }) };
      }),
  };
}
