import type { DatabaseSync } from 'node:sqlite';

/** Names in one list. */
const MAX_NAMES = 200;

/** Who wrote in a room, under their current names: guests have none. */
export function writerQueries(db: DatabaseSync) {
  const names = db.prepare(
    `SELECT name FROM names WHERE EXISTS
       (SELECT 1 FROM browsers WHERE room = ?1 AND uid IN
         (SELECT names.uid UNION ALL SELECT guest FROM former_guests WHERE uid = names.uid))
     ORDER BY name COLLATE NOCASE LIMIT ${MAX_NAMES}`,
  );
  return {
    /** The names of users who wrote in a room since its history was cleared. */
    writers: (room: string): string[] => names.all(room).map(({ name }) => String(name)),
  };
}
