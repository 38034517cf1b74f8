import type { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../core/actor.ts';

/** The maximum number of a user's browsers that a ban covers, in order of their ids. */
const MAX_EACH = 50;
/** Maximum size of the cache: only a user's first message in a room costs a write. */
const MAX_KNOWN = 10_000;

/** The browsers with which users wrote in a room, so that a ban works after they have left. */
export interface WriterBrowsers {
  /** Notes that a user writes. */
  note(room: string, who: Actor): void;
  /** The browsers of a user: the given ones, and those noted. */
  of(room: string, uid: string, given: readonly string[]): readonly string[];
  forgetIn(room: string): void;
  /** The batch was rolled back: what is in the table is valid. */
  forget(): void;
}

export function writerBrowsers(db: DatabaseSync): WriterBrowsers {
  const insert = db.prepare('INSERT OR IGNORE INTO browsers VALUES (?, ?, ?)');
  const select = db.prepare(
    'SELECT browser FROM browsers WHERE room = ? AND uid = ? ORDER BY browser LIMIT ?',
  );
  const remove = db.prepare('DELETE FROM browsers WHERE room = ?');
  const known = new Set<string>();
  return {
    note(room, { uid, browser }) {
      if (browser === null) return;
      const note = `${uid} ${browser} ${room}`;
      if (known.has(note)) return;
      insert.run(room, uid, browser);
      if (known.size >= MAX_KNOWN) known.clear();
      known.add(note);
    },
    of(room, uid, given) {
      const noted = select.all(room, uid, MAX_EACH).map(({ browser }) => String(browser));
      return [...new Set([...given, ...noted])].slice(0, MAX_EACH);
    },
    forgetIn(room) {
      remove.run(room);
      known.clear();
    },
    forget: () => known.clear(),
  };
}
