import type { DatabaseSync } from 'node:sqlite';
import { sessionEnding } from '../accounts/session-ending.ts';
import { ERASED } from './erasure-table.ts';

/** Tables that say nothing of a person once the rows with their uid are gone, and have few of each. */
const OWN = ['names', 'memberships', 'mentions', 'reports', 'prepared_polls', 'executed'] as const;

/** What is stored of users outside of rooms. */
interface Accounts {
  /** The uids with those that the users had as guests, in order. */
  withGuests(uids: readonly string[]): readonly string[];
  /** Ends the user's sessions, releases the name and forgets what they have read. Returns the sessions. */
  erase(uid: string): readonly string[];
  /** Removes what was on its way when the users of the running erasure were erased. */
  eraseRest(): void;
}

export function accountErasure(db: DatabaseSync): Accounts {
  const guests = db.prepare('SELECT guest FROM former_guests WHERE uid = ?');
  const forgetGuests = db.prepare('DELETE FROM former_guests WHERE uid = ?1 OR guest = ?1');
  const own = OWN.map((table) => db.prepare(`DELETE FROM ${table} WHERE uid = ?`));
  const rest = OWN.map((table) => db.prepare(`DELETE FROM ${table} WHERE uid IN ${ERASED}`));
  const disown = db.prepare('UPDATE server SET owner = NULL WHERE owner = ?');
  const { leave } = sessionEnding(db);
  return {
    withGuests(uids) {
      const before = uids.flatMap((uid) => guests.all(uid).map(({ guest }) => String(guest)));
      return [...new Set([...uids, ...before])].sort();
    },
    erase(uid) {
      const ended = leave(uid);
      for (const table of own) table.run(uid);
      forgetGuests.run(uid);
      disown.run(uid);
      return ended;
    },
    eraseRest() {
      for (const table of rest) table.run();
    },
  };
}
