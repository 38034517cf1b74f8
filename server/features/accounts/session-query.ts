import type { DatabaseSync } from 'node:sqlite';
import type { Session } from '../../auth/session.ts';

/** Creates the function that finds a session by the hash of its id. */
export function sessionQuery(db: DatabaseSync): (id: string) => Session | undefined {
  const select = db.prepare(
    `SELECT uid, name, password_hash IS NOT NULL AS isKept, is_moderator AS isModerator, seen,
       uid = (SELECT owner FROM server) AS isOwner
     FROM sessions JOIN names USING (uid) WHERE id = ?`,
  );
  const guests = db.prepare('SELECT guest FROM former_guests WHERE uid = ? ORDER BY seq');
  return (id) => {
    const row = select.get(id);
    return (
      row && {
        id,
        uid: String(row.uid),
        name: String(row.name),
        isKept: row.isKept === 1,
        isModerator: row.isModerator === 1,
        isOwner: row.isOwner === 1,
        formerGuests: guests.all(String(row.uid)).map(({ guest }) => String(guest)),
        seen: Number(row.seen),
      }
    );
  };
}
