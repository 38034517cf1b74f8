import type { DatabaseSync } from 'node:sqlite';
import type { OptionSuggested } from './events.ts';

/**
 * What each voter submitted to a poll, in their own spelling. It is the same whether or not another
 * voter submitted it before: it reveals nothing about the others.
 */
interface Submissions {
  /** How many different texts a voter submitted, including those taken back. */
  count(poll: number, uid: string): number;
  has(poll: number, uid: string, option: number): boolean;
  add(event: OptionSuggested, option: number): void;
  /** Deletes the text that a voter took back. */
  blank(poll: number, uid: string, option: number): void;
  /** Deletes all voters' texts of an option. */
  blankAll(poll: number, option: number): void;
}

export function submissions(db: DatabaseSync): Submissions {
  const count = db.prepare('SELECT count(*) AS n FROM submissions WHERE poll = ? AND uid = ?');
  const one = 'poll = ? AND uid = ? AND option = ?';
  const find = db.prepare(`SELECT 1 FROM submissions WHERE ${one}`);
  const insert = db.prepare('INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?)');
  const blank = db.prepare(`UPDATE submissions SET text = '' WHERE ${one}`);
  const blankAll = db.prepare("UPDATE submissions SET text = '' WHERE poll = ? AND option = ?");
  return {
    count: (poll, uid) => Number(count.get(poll, uid)?.n),
    has: (...key) => find.get(...key) !== undefined,
    add({ id, who, text }, option) {
      insert.run(id, who.uid, option, text);
    },
    blank: (...of) => void blank.run(...of),
    blankAll: (...of) => void blankAll.run(...of),
  };
}
