import type { DatabaseSync } from 'node:sqlite';
import { IS_PREPARED } from '../polls/prepared-polls.ts';
import type { Attachment } from './attachment.ts';

/** Files expired at once: the thread does nothing else meanwhile. */
const MAX_UNUSED = 1_000;

/** Queries about files. */
export function fileQueries(db: DatabaseSync) {
  const one = db.prepare('SELECT spec FROM files WHERE room = ? AND id = ?');
  const unused = db.prepare(
    `SELECT id FROM files WHERE message IS NULL AND at < ? AND NOT ${IS_PREPARED} LIMIT ${MAX_UNUSED}`,
  );
  const known = db.prepare('SELECT 1 FROM files WHERE id = ?');
  return {
    /** A file of a room. */
    file(room: string, id: string): Attachment | undefined {
      const row = one.get(room, id);
      return row && (JSON.parse(String(row.spec)) as Attachment);
    },
    /** Some files that were uploaded before a time and that no message and no prepared poll has. */
    unusedFiles: (before: number): string[] => unused.all(before).map(({ id }) => String(id)),
    /** Those of the ids that belong to no file. */
    unknownFiles: (ids: readonly string[]): string[] => ids.filter((id) => !known.get(id)),
  };
}
