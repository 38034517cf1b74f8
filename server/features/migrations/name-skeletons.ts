import type { DatabaseSync } from 'node:sqlite';
import { nameSkeleton } from '../../auth/name-skeleton.ts';

/**
 * Gives every name its current key (auth/name-skeleton.ts), where it had another one. Of names that
 * look alike by it, the one with a password gets the key, and of several the oldest. Others with a
 * password remain, under the key and their uid (account-query.ts); those without become free.
 */
export function rekeyNames(db: DatabaseSync): void {
  db.function('name_skeleton', { deterministic: true }, (name) => nameSkeleton(String(name)));
  db.exec(`
    ALTER TABLE names RENAME TO names_1;
    CREATE TABLE names (
      key TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      uid TEXT NOT NULL UNIQUE,
      passphrase TEXT
    ) STRICT, WITHOUT ROWID;
    WITH first AS (SELECT uid, min(seq) AS seq FROM events WHERE kind = 'signed-in' GROUP BY uid),
      skeletons AS MATERIALIZED (SELECT *, name_skeleton(name) AS skeleton FROM names_1),
      ranked AS (
        SELECT *, row_number() OVER (PARTITION BY skeleton ORDER BY passphrase IS NULL, seq, uid) AS n
        FROM skeletons LEFT JOIN first USING (uid)
      )
      INSERT INTO names SELECT iif(n = 1, skeleton, skeleton || ' ' || uid), name, uid, passphrase
        FROM ranked WHERE n = 1 OR passphrase IS NOT NULL;
    DROP TABLE names_1;
    DELETE FROM sessions WHERE uid NOT IN (SELECT uid FROM names);`);
}
