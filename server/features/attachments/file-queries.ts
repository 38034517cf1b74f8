import type { DatabaseSync } from 'node:sqlite';
import type { Attachment } from '../../core/event.ts';

/** Files expired at once: the thread does nothing else meanwhile. */
const MAX_UNUSED = 1_000;

/** Queries about files. */
export interface FileQueries {
  /** A file of a room. */
  file(room: string, id: string): Attachment | undefined;
  /** Some files that were uploaded before a time and that no message has. */
  unusedFiles(before: number): string[];
  /** Those of the ids that belong to no file. */
  unknownFiles(ids: readonly string[]): string[];
}

export function fileQueries(db: DatabaseSync): FileQueries {
  const one = db.prepare('SELECT spec FROM files WHERE room = ? AND id = ?');
  const unused = db.prepare(
    `SELECT id FROM files WHERE message IS NULL AND at < ? LIMIT ${MAX_UNUSED}`,
  );
  const known = db.prepare('SELECT 1 FROM files WHERE id = ?');
  return {
    file(room, id) {
      const row = one.get(room, id);
      return row && (JSON.parse(String(row.spec)) as Attachment);
    },
    unusedFiles: (before) => unused.all(before).map(({ id }) => String(id)),
    unknownFiles: (ids) => ids.filter((id) => !known.get(id)),
  };
}
