import type { DatabaseSync } from 'node:sqlite';

/** All that is stored of what users did in polls, each row with its poll. */
const TABLES = [
  'votes',
  'voters',
  'tallies',
  'vote_history',
  'suggestions',
  'submissions',
] as const;

/** Deletes all votes and suggestions of a poll. */
interface PollDataPurger {
  purge(poll: number): void;
}

export function pollDataPurger(db: DatabaseSync): PollDataPurger {
  const tables = TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE poll = ?`));
  return {
    purge(poll) {
      for (const table of tables) table.run(poll);
    },
  };
}
