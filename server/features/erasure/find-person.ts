import type { DatabaseSync } from 'node:sqlite';
import { nameSkeleton } from '../../auth/name-skeleton.ts';
import { StartupError } from '../../core/errors.ts';

/** Where names are stored beside a uid. */
const NAMED = ['names', 'messages', 'reactions', 'votes', 'suggestions'] as const;

/**
 * The uids of all who have, or had, a name that looks like this one, with those from when they were
 * guests. A name without a password may have been of several people.
 * @throws StartupError where nobody has, or had, it
 */
export function findPerson(db: DatabaseSync, name: string): readonly string[] {
  const wanted = nameSkeleton(name);
  const named = NAMED.map((table) => `SELECT uid, name FROM ${table} WHERE name IS NOT NULL`);
  const rows = db.prepare(named.join(' UNION ')).all();
  const users = rows.flatMap((row) =>
    row.uid !== '' && nameSkeleton(String(row.name)) === wanted ? [String(row.uid)] : [],
  );
  const guests = db.prepare('SELECT guest FROM former_guests WHERE uid = ?');
  const before = users.flatMap((uid) => guests.all(uid).map(({ guest }) => String(guest)));
  if (users.length === 0) throw new StartupError(`Nobody has, or had, the name ${name}.`);
  return [...new Set([...users, ...before])];
}
