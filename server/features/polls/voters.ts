import type { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../core/event.ts';

/** By what a voter is known: the uid, and the browser. A browser's tabs have a uid each. */
export function voterKeys({ uid, browser }: Pick<Actor, 'uid' | 'browser'>): readonly string[] {
  return browser === null ? [uid] : [uid, browser];
}

/**
 * Whose vote it is when somebody votes: all tabs of a browser, and all browsers of an account, have one
 * vote in a poll, under the uid that voted first. So there are never more votes than browsers, whatever
 * names are taken in them; who gives their cookies away is another browser.
 */
export interface Voters {
  /** The uid under which the votes of somebody count; the account goes before the browser. */
  find(poll: number, keys: readonly string[]): string;
  /** Somebody has voted under a uid: by what they are known, it is found from now on. */
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
