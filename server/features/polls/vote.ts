import type { DatabaseSync } from 'node:sqlite';
import { isShownTo, type Poll } from './poll.ts';
import { acceptsSuggestions } from './poll-kinds.ts';

/** A user's vote in a poll, sent only to that user. */
export interface Vote {
  readonly poll: number;
  /** How often the poll had been reset, if it was: a vote of an earlier round is gone. */
  readonly round?: number;
  /** The keys that identify the user: see voterKeys. */
  readonly keys: readonly string[];
  /** Empty if suggested options are hidden: their numbers would reveal others. */
  readonly options: readonly number[];
  /** The suggested options in the voter's own spelling. */
  readonly texts?: readonly string[];
}

/** The votes of single users. */
interface Votes {
  /** The options a user has chosen, in order, without the removed ones. */
  chosen(poll: number, uid: string): readonly number[];
  /** @param options the chosen options */
  vote(id: number, poll: Poll, uid: string, options: readonly number[]): Omit<Vote, 'keys'>;
}

export function votes(db: DatabaseSync): Votes {
  const chosen = db.prepare(
    `SELECT option FROM votes WHERE poll = ? AND uid = ? AND NOT EXISTS
       (SELECT 1 FROM suggestions
        WHERE poll = votes.poll AND option = votes.option AND state = 'removed')
     ORDER BY option`,
  );
  const text = db.prepare(
    `SELECT coalesce(nullif(own.text, ''), suggestions.text) AS text
     FROM suggestions LEFT JOIN submissions AS own
       ON own.poll = suggestions.poll AND own.option = suggestions.option AND own.uid = ?
     WHERE suggestions.poll = ? AND suggestions.option = ?`,
  );
  return {
    chosen: (poll, uid) => chosen.all(poll, uid).map(({ option }) => Number(option)),
    vote(id, poll, uid, options) {
      const round = poll.round === undefined ? {} : { round: poll.round };
      if (!acceptsSuggestions(poll.kind)) return { poll: id, ...round, options };
      const texts = options.map((option) => String(text.get(uid, id, option)?.text ?? ''));
      if (isShownTo(poll, options)) return { poll: id, ...round, options, texts };
      // Their order would reveal which of them existed before.
      return { poll: id, ...round, options: [], texts: texts.sort() };
    },
  };
}
