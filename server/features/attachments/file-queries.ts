import type { DatabaseSync } from 'node:sqlite';
import type { Page } from '../../core/history-store.ts';
import { pageOf } from '../../storage/page.ts';
import { FLOOR } from '../moderation/clear-history.ts';
import { IS_PREPARED } from '../polls/prepared-polls.ts';
import type { Attachment } from './attachment.ts';

/** UTF-16 units of messages in one answer. */
const MAX_LENGTH = 512 * 1024;
/** Files expired at once: the thread does nothing else meanwhile. */
const MAX_UNUSED = 1_000;

/** Queries about files. */
export function fileQueries(db: DatabaseSync) {
  const one = db.prepare('SELECT spec FROM files WHERE room = ? AND id = ?');
  const posts = db.prepare(
    `SELECT * FROM messages
     WHERE room = ?1 AND id < ?2 AND id >= ${FLOOR} AND files IS NOT NULL ORDER BY id DESC LIMIT ?3`,
  );
  const unused = db.prepare(
    `SELECT id FROM files WHERE message IS NULL AND at < ? AND NOT ${IS_PREPARED} LIMIT ${MAX_UNUSED}`,
  );
  const known = db.prepare('SELECT 1 FROM files WHERE id = ?');
  const freed = db.prepare('SELECT 1 FROM freed_files WHERE file = ?');
  return {
    /** A file of a room. */
    file(room: string, id: string): Attachment | undefined {
      const row = one.get(room, id);
      return row && (JSON.parse(String(row.spec)) as Attachment);
    },
    /** The last messages with attachments before the message `id`, newest first. */
    postsWithFiles: (room: string, id: number, limit: number): Page =>
      pageOf(posts.iterate(room, id, limit + 1), limit, MAX_LENGTH),
    /** Some files that were uploaded before a time and that no message and no prepared poll has. */
    unusedFiles: (before: number): string[] => unused.all(before).map(({ id }) => String(id)),
    /** Those of the ids that belong to no file. */
    unknownFiles: (ids: readonly string[]): string[] => ids.filter((id) => !known.get(id)),
    /** Those of the ids that belong to files which were deleted. */
    deletedFiles: (ids: readonly string[]): string[] => ids.filter((id) => freed.get(id)),
  };
}
