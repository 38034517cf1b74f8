import type { DatabaseSync } from 'node:sqlite';

/** Guests that are remembered for a user; of more, the first is forgotten. */
const MAX_EACH = 50;

/** The uids of the user `?3`, in SQL: their own, and those they had as a guest. */
export const OWN_UIDS = '(SELECT ?3 UNION ALL SELECT guest FROM former_guests WHERE uid = ?3)';

/**
 * Whom guests became when they signed in. What a guest did stays stored, and shown, under the
 * guest's uid, and is the user's from then on.
 */
interface FormerGuests {
  /** A guest became a user. False where they had become one before: a guest does so once. */
  add(guest: string, uid: string, seq: number): boolean;
  /** The user that a guest became; any other uid is returned as it is. */
  userOf(uid: string): string;
  /** The author of a message for the rules in permissions.ts: the user, where a guest became one. */
  authorOf(message: { readonly uid: string }): { readonly uid: string };
  /** The name of a user is released. */
  release(uid: string): void;
}

export function formerGuests(db: DatabaseSync): FormerGuests {
  const insert = db.prepare('INSERT OR IGNORE INTO former_guests VALUES (?, ?, ?)');
  const trim = db.prepare(
    `DELETE FROM former_guests WHERE uid = ?1 AND seq <
       (SELECT seq FROM former_guests WHERE uid = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)`,
  );
  const select = db.prepare('SELECT uid FROM former_guests WHERE guest = ?');
  const remove = db.prepare('DELETE FROM former_guests WHERE uid = ?');
  const userOf = (uid: string) => String(select.get(uid)?.uid ?? uid);
  return {
    add(guest, uid, seq) {
      const isAdded = insert.run(guest, uid, seq).changes > 0;
      if (isAdded) trim.run(uid, MAX_EACH - 1);
      return isAdded;
    },
    userOf,
    authorOf: ({ uid }) => ({ uid: userOf(uid) }),
    release: (uid) => void remove.run(uid),
  };
}
