import type { DatabaseSync } from 'node:sqlite';

/** All that is kept of what people did in polls, each row with its poll. */
const TABLES = [
  'votes',
  'voters',
  'tallies',
  'vote_history',
  'suggestions',
  'submissions',
] as const;

/** Forgets who voted for what in polls, and what they put. */
export interface Forgetter {
  forget(poll: number): void;
  /** All polls of a room: before its messages are gone. */
  forgetIn(room: string): void;
}

export function forgetter(db: DatabaseSync): Forgetter {
  const each = (which: string) =>
    TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE poll ${which}`));
  const ofPoll = each('= ?');
  const ofRoom = each("IN (SELECT id FROM messages WHERE room = ? AND kind = 'poll')");
  return {
    forget(poll) {
      for (const table of ofPoll) table.run(poll);
    },
    forgetIn(room) {
      for (const table of ofRoom) table.run(room);
    },
  };
}
