import type { DatabaseSync } from 'node:sqlite';

export function erasureQueries(db: DatabaseSync) {
  const select = db.prepare('SELECT 1 FROM erasing LIMIT 1');
  return {
    /** Whether users wait to be erased, or are being erased. */
    isErasing: () => select.get() !== undefined,
  };
}
