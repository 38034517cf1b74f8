import type { DatabaseSync } from 'node:sqlite';
import { nameSkeleton } from '../../auth/name-skeleton.ts';
import { fold } from '../../shared/fold.ts';
import { namePrefixes } from '../../shared/mentioned.ts';
import { mentionedTexts } from './mentioned-texts.ts';

/** Beginnings of the text after one `@` that are looked up. */
const MAX_PREFIXES = 16;

/** Who is mentioned in which message: users alone who are members of its room. */
interface MentionTable {
  /** Stores whom a message mentions, by the names as they are now. */
  set(message: {
    readonly id: number;
    readonly room: string;
    readonly uid: string;
    readonly body: string;
  }): void;
  /** The message is gone. */
  remove(id: number): void;
}

export function mentionTable(db: DatabaseSync): MentionTable {
  // Of names that look alike, and are from before that was noticed, the second is under more than the skeleton.
  // The names first (CROSS JOIN): few are mentioned, and a room may have many members.
  const named = db.prepare(
    `SELECT uid, name FROM names CROSS JOIN memberships USING (uid)
     WHERE room = ?2 AND read_id < ?3 AND skeleton BETWEEN ?1 AND ?1 || '!'
     ORDER BY skeleton`,
  );
  const insert = db.prepare('INSERT OR IGNORE INTO mentions VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM mentions WHERE message = ?');

  function find(id: number, room: string, name: string): string | undefined {
    const skeleton = nameSkeleton(name);
    if (skeleton === '') return undefined;
    const rows = named.all(skeleton, room, id);
    const row = rows.find((other) => fold(String(other.name)) === name);
    return row && String(row.uid);
  }

  return {
    set({ id, room, uid, body }) {
      for (const { text, isWhole } of mentionedTexts(body)) {
        const names = isWhole ? [fold(text)] : namePrefixes(text).map(({ folded }) => folded);
        // The longest name that fits.
        for (const name of names.slice(-MAX_PREFIXES).toReversed()) {
          const mentioned = find(id, room, name);
          if (mentioned === undefined) continue;
          if (mentioned !== uid) insert.run(mentioned, room, id);
          break;
        }
      }
    },
    remove: (id) => void remove.run(id),
  };
}
