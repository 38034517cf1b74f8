import type { DatabaseSync } from 'node:sqlite';
import { accountQuery } from './account-query.ts';
import { sessionQuery } from './session-query.ts';

/** Queries of sessions and names. */
export function accountQueries(db: DatabaseSync) {
  const nameOf = db.prepare('SELECT name FROM names WHERE uid = ?');
  const formerGuest = db.prepare(
    'SELECT 1 FROM former_guests WHERE guest = ?1 UNION ALL SELECT 1 FROM erasing WHERE uid = ?1',
  );
  return {
    /** A session, by the hash of its id. */
    session: sessionQuery(db),
    /** The current name of a user; `null` for none. */
    nameOf(uid: string): string | null {
      const name = nameOf.get(uid)?.name;
      return typeof name === 'string' ? name : null;
    },
    /** Whether a guest has signed in, and is a user since; or is being erased. */
    hasSignedIn: (guest: string) => formerGuest.get(guest) !== undefined,
    /** The account of a name, or of one that looks like it. */
    account: accountQuery(db),
  };
}
