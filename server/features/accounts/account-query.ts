import type { DatabaseSync } from 'node:sqlite';
import type { Account } from '../../auth/sessions.ts';

/**
 * Creates the function that finds the account of a name. Names that look alike share one, under
 * their skeleton. If two of them got passwords before they were known to look alike, the second is
 * under `SKELETON UID`, and is found by its own name only.
 */
export function accountQuery(db: DatabaseSync): (skeleton: string, name: string) => Account {
  const select = db.prepare(
    `SELECT key, passphrase FROM names
     WHERE key BETWEEN :skeleton AND :skeleton || '!'
       AND (key = :skeleton OR name = :name COLLATE NOCASE)
     ORDER BY name = :name DESC, length(key) DESC LIMIT 1`,
  );
  return (skeleton, name) => {
    const row = select.get({ skeleton, name });
    if (!row) return { key: skeleton, passphrase: null };
    const passphrase = typeof row.passphrase === 'string' ? row.passphrase : null;
    return { key: String(row.key), passphrase };
  };
}
