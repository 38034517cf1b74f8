import type { DatabaseSync } from 'node:sqlite';
import { acceptsSuggestions, type Poll, voterOf } from './poll.ts';
import { suggestions } from './suggestions.ts';

/** Voters told by name for one option; of more than these only the count is told. */
const MAX_NAMES = 30;
/** Stands for those who voted, where the others are options. */
const VOTERS = -1;

type Tally = Pick<Poll, 'options' | 'states' | 'authors' | 'counts' | 'voters' | 'names'>;

/**
 * The counts of polls. They are kept beside the votes and change with each of them, in the same
 * transaction: however many votes there are, a count reads one row for each option.
 */
export interface Tallies {
  count(id: number, poll: Poll): Tally;
  /** A voter takes back their votes for some options, and votes for others. */
  change(id: number, less: readonly number[], more: readonly number[]): void;
  /** So many more people have voted. */
  changeVoters(id: number, by: number): void;
}

export function tallies(db: DatabaseSync): Tallies {
  const counts = db.prepare('SELECT option, n FROM tallies WHERE poll = ?');
  const add = db.prepare(
    'INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
  );
  const names = db.prepare(
    `SELECT uid, name FROM votes INDEXED BY votes_named
     WHERE poll = ? AND option = ? AND name IS NOT NULL LIMIT ?`,
  );
  const { all } = suggestions(db);
  return {
    count(id, poll) {
      const { kind, isAnonymous } = poll;
      const { options, states, authors } = acceptsSuggestions(kind) ? all(id, isAnonymous) : poll;
      const of = new Map(counts.all(id).map(({ option, n }) => [Number(option), Number(n)]));
      const isThere = (option: number) => states[option] !== 'dropped';
      return {
        options,
        states,
        authors,
        counts: options.map((_, option) => (isThere(option) ? (of.get(option) ?? 0) : 0)),
        voters: of.get(VOTERS) ?? 0,
        names:
          isAnonymous || acceptsSuggestions(kind)
            ? []
            : options.map((_, option) => names.all(id, option, MAX_NAMES).map(voterOf)),
      };
    },
    change(id, less, more) {
      for (const option of less) add.run(id, option, -1);
      for (const option of more) add.run(id, option, 1);
    },
    changeVoters(id, by) {
      if (by !== 0) add.run(id, VOTERS, by);
    },
  };
}
