import type { DatabaseSync } from 'node:sqlite';
import { isVisible, type Poll, voterOf } from './poll.ts';
import { acceptsSuggestions } from './poll-kinds.ts';
import { suggestions } from './suggestions.ts';

/** Voters shown by name for an option; of the others only the count is shown. */
const MAX_NAMES = 30;
/** Stands for the number of voters, among the options. */
const VOTERS = -1;

type Tally = Pick<Poll, 'options' | 'states' | 'authors' | 'counts' | 'voters' | 'names'>;

/**
 * The counts of polls. They are stored next to the votes and updated in the same transaction:
 * however many votes there are, counting reads one row per option.
 */
interface Tallies {
  count(id: number, poll: Poll): Tally;
  /** A voter takes back votes for some options, and votes for others. */
  change(id: number, less: readonly number[], more: readonly number[]): void;
  /** Changes the number of voters. */
  changeVoters(id: number, by: number): void;
}

export function tallies(db: DatabaseSync): Tallies {
  const counts = db.prepare('SELECT option, n FROM tallies WHERE poll = ?');
  const add = db.prepare(
    'INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
  );
  const names = db.prepare(
    `SELECT uid, name FROM votes INDEXED BY votes_named
     WHERE poll = ? AND option = ? AND name IS NOT NULL ORDER BY uid LIMIT ?`,
  );
  const { all } = suggestions(db);
  return {
    count(id, poll) {
      const { kind, isAnonymous } = poll;
      const { options, states, authors } = acceptsSuggestions(kind) ? all(id, isAnonymous) : poll;
      const of = new Map(counts.all(id).map(({ option, n }) => [Number(option), Number(n)]));
      const isShown = (option: number) => isVisible(states[option] ?? 'open');
      return {
        options,
        states,
        authors,
        counts: options.map((_, option) => (isShown(option) ? (of.get(option) ?? 0) : 0)),
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
