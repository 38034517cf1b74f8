import type { DatabaseSync } from 'node:sqlite';
import type { Account } from '../../auth/sessions.ts';

/**
 * Creates the function that finds the account of a name. Names that look alike share one, under
 * their skeleton. If two of them got passwords before they were known to look alike, the second is
 * under `SKELETON UID`, and is found by its own name only.
 */
export function accountQuery(db: DatabaseSync): (skeleton: string, name: string) => Account {
  const select = db.prepare(
    `SELECT skeleton, password_hash AS passwordHash FROM names
     WHERE skeleton BETWEEN :skeleton AND :skeleton || '!'
       AND (skeleton = :skeleton OR name = :name COLLATE NOCASE)
     ORDER BY name = :name DESC, length(skeleton) DESC LIMIT 1`,
  );
  return (skeleton, name) => {
    const row = select.get({ skeleton, name });
    if (!row) return { key: skeleton, passwordHash: null };
    const { passwordHash } = row;
    return {
      key: String(row.skeleton),
      passwordHash: typeof passwordHash === 'string' ? passwordHash : null,
    };
  };
}
