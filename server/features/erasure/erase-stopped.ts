import type { DatabaseSync } from 'node:sqlite';
import { appender } from '../appender.ts';
import { historyClearing } from '../moderation/clear-history.ts';

/**
 * Erases users in a database that no server uses, after those whose erasure was interrupted. Interrupted
 * itself, it goes on when it is called again, or a server starts.
 * @param uids none: only those
 * @param at milliseconds since 1970
 * @param removeFiles removes files that are no longer used from the disk, by their ids
 */
export function eraseStopped(
  db: DatabaseSync,
  uids: readonly string[],
  at: number,
  removeFiles: (ids: readonly string[]) => void,
): void {
  const append = appender(db);
  const { removePiece } = historyClearing(db);
  // What was cleared, and not removed before the server stopped, is in no room any more.
  while (removePiece());
  if (uids.length > 0) append([{ kind: 'person-erased', uids, session: null, at }]);
  for (;;) {
    const [outcome] = append([{ kind: 'erasure-continued', at }]);
    if (!outcome || !('change' in outcome)) return;
    removeFiles(outcome.change.freed ?? []);
  }
}
