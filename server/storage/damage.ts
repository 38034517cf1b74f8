import type { DatabaseSync } from 'node:sqlite';

/** The first damage that SQLite finds in a database, in its words; `undefined` if it is sound. */
export function damageIn(db: DatabaseSync): string | undefined {
  const verdict = String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check);
  return verdict === 'ok' ? undefined : verdict.split('\n').at(-1);
}
