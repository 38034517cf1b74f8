import type { DatabaseSync } from 'node:sqlite';
import type { ChatOutcome } from '../change.ts';

/** More than a server may have freed, and not yet removed from the disk, when it is killed. */
const MAX_FREED = 10_000;

/** The files that were deleted last, as the log decided it. */
interface FreedFiles {
  remember(outcome: ChatOutcome): void;
}

/**
 * Remembers which files were deleted: those that a server had no time to remove when it was killed are
 * not kept like files of a newer database.
 */
export function freedFiles(db: DatabaseSync): FreedFiles {
  const insert = db.prepare('INSERT OR IGNORE INTO freed_files (file) VALUES (?)');
  const forget = db.prepare('DELETE FROM freed_files WHERE id <= ?');
  return {
    remember(outcome) {
      if (!('change' in outcome) || !outcome.isNew) return;
      for (const file of outcome.change.freed ?? []) {
        const { lastInsertRowid } = insert.run(file);
        forget.run(Number(lastInsertRowid) - MAX_FREED);
      }
    },
  };
}
