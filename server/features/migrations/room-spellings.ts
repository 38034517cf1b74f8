import type { DatabaseSync } from 'node:sqlite';
import { fold } from '../../shared/fold.ts';

/**
 * Lists the addresses of rooms from when names differed by case. Each such room stays at its own
 * address: nothing is merged, since the rooms may have different owners and passwords. Other
 * spellings lead to the room whose name is folded, or else to the first of the others in the order
 * of code points.
 */
export function listRoomSpellings(db: DatabaseSync): void {
  db.exec(`CREATE TABLE room_spellings (
     spelling TEXT PRIMARY KEY,
     name TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`);
  const isRoom = db.prepare('SELECT 1 FROM rooms WHERE name = ?');
  const insert = db.prepare('INSERT OR IGNORE INTO room_spellings VALUES (?, ?)');
  for (const row of db.prepare('SELECT name FROM rooms ORDER BY name').all()) {
    const name = String(row.name);
    const folded = fold(name);
    if (folded === name) continue;
    insert.run(name, name);
    if (!isRoom.get(folded)) insert.run(folded, name);
  }
}
