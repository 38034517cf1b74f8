import type { DatabaseSync } from 'node:sqlite';
import { acceptsSuggestions, isShownTo, type Poll } from './poll.ts';

/** What somebody chose in a poll, as it is told to them alone. */
export interface Vote {
  readonly poll: number;
  /** By what they are known to whom it is told: see `keysOf`. */
  readonly keys: readonly string[];
  /** None where people suggest the options and these are hidden: the numbers would tell of others. */
  readonly options: readonly number[];
  /** Where people suggest them, the options in the voter's own spelling. */
  readonly texts?: readonly string[];
}

/** The votes of single voters. */
export interface Votes {
  /** The options somebody has chosen, in order; none that was dropped since. */
  chosen(poll: number, uid: string): readonly number[];
  /** @param options what they have chosen */
  vote(id: number, poll: Poll, uid: string, options: readonly number[]): Omit<Vote, 'keys'>;
}

export function votes(db: DatabaseSync): Votes {
  const chosen = db.prepare(
    `SELECT option FROM votes WHERE poll = ? AND uid = ? AND NOT EXISTS
       (SELECT 1 FROM suggestions
        WHERE poll = votes.poll AND option = votes.option AND state = 'dropped')
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
      if (!acceptsSuggestions(poll.kind)) return { poll: id, options };
      const texts = options.map((option) => String(text.get(uid, id, option)?.text ?? ''));
      if (isShownTo(poll, options)) return { poll: id, options, texts };
      // Their order would tell which of them was there before.
      return { poll: id, options: [], texts: texts.sort() };
    },
  };
}
