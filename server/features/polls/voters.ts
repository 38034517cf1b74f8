import type { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../core/actor.ts';

/** What identifies a voter: the uid, and the browser. Each tab of a browser has its own uid. */
export function voterKeys({ uid, browser }: Pick<Actor, 'uid' | 'browser'>): readonly string[] {
  return browser === null ? [uid] : [uid, browser];
}

/**
 * Whose vote it is: all tabs of a browser, and all browsers of an account, have one vote in a poll,
 * under the uid that voted first. So there are never more votes than browsers, whatever names are
 * used in them; a browser with deleted cookies is a new one.
 */
interface Voters {
  /** The uid under which a user's votes count; the account takes precedence over the browser. */
  find(poll: number, keys: readonly string[]): string;
  /** A user voted under a uid: from now on their keys lead to it. */
  note(poll: number, keys: readonly string[], uid: string): void;
}

export function voters(db: DatabaseSync): Voters {
  const select = db.prepare('SELECT uid FROM voters WHERE poll = ? AND key = ?');
  const insert = db.prepare('INSERT OR IGNORE INTO voters VALUES (?, ?, ?)');
  return {
    find(poll, keys) {
      for (const key of keys) {
        const row = select.get(poll, key);
        if (row) return String(row.uid);
      }
      return keys[0] ?? '';
    },
    note(poll, keys, uid) {
      for (const key of keys) insert.run(poll, key, uid);
    },
  };
}
