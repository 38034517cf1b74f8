import type { DatabaseSync } from 'node:sqlite';
import { isGrowing, type Poll, voterOf } from './poll.ts';
import { suggestions } from './suggestions.ts';

/** Voters told by name for one option; of more than these only the count is told. */
const MAX_NAMES = 30;

type Tally = Pick<Poll, 'options' | 'states' | 'authors' | 'counts' | 'voters' | 'names'>;

/** Makes the function that counts the votes of a poll: always all of them, from the store. */
export function tallier(db: DatabaseSync): (id: number, poll: Poll) => Tally {
  const counts = db.prepare('SELECT option, sum(n) AS n FROM votes WHERE poll = ? GROUP BY option');
  const voters = db.prepare('SELECT count(DISTINCT uid) AS n FROM votes WHERE poll = ?');
  const names = db.prepare('SELECT uid, name FROM votes WHERE poll = ? AND option = ? LIMIT ?');
  const { all } = suggestions(db);
  return (id, poll) => {
    const { kind, isAnonymous } = poll;
    const { options, states, authors } = isGrowing(kind) ? all(id, isAnonymous) : poll;
    const of = new Map(counts.all(id).map(({ option, n }) => [Number(option), Number(n)]));
    return {
      options,
      states,
      authors,
      counts: options.map((_, option) => of.get(option) ?? 0),
      voters: Number(voters.get(id)?.n),
      names:
        isAnonymous || isGrowing(kind)
          ? []
          : options.map((_, option) => names.all(id, option, MAX_NAMES).map(voterOf)),
    };
  };
}
