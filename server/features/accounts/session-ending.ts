import type { DatabaseSync } from 'node:sqlite';
import { membershipTable } from '../memberships/membership-table.ts';
import { formerGuests } from './former-guests.ts';

/** Ends sessions, and releases names without a password. */
interface SessionEnding {
  /** Releases the name of a user, unless it has a password. */
  free(uid: string): void;
  /** Ends all sessions of a user, and releases the name. Returns the hashes of their ids. */
  leave(uid: string): string[];
}

export function sessionEnding(db: DatabaseSync): SessionEnding {
  const freeName = db.prepare('DELETE FROM names WHERE uid = ? AND password_hash IS NULL');
  const sessionsOf = db.prepare('SELECT id FROM sessions WHERE uid = ? ORDER BY id');
  const end = db.prepare('DELETE FROM sessions WHERE id = ?');
  const guests = formerGuests(db);
  const memberships = membershipTable(db);

  function free(uid: string): void {
    if (freeName.run(uid).changes === 0) return;
    guests.release(uid);
    memberships.release(uid);
  }

  return {
    free,
    leave(uid) {
      const ended = sessionsOf.all(uid).map(({ id }) => String(id));
      for (const id of ended) end.run(id);
      free(uid);
      return ended;
    },
  };
}
