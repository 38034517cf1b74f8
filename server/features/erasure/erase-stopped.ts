import type { DatabaseSync } from 'node:sqlite';
import { appender } from '../appender.ts';
import { historyClearing } from '../moderation/clear-history.ts';

/**
 * Erases users in a database that no server uses.
 * @param at milliseconds since 1970
 * @returns the ids of files that are no longer used, and are still on the disk
 */
export function eraseStopped(
  db: DatabaseSync,
  uids: readonly string[],
  at: number,
): readonly string[] {
  const append = appender(db);
  const { removePiece } = historyClearing(db);
  // What was cleared, and not removed before the server stopped, is in no room any more.
  while (removePiece());
  append([{ kind: 'person-erased', uids, session: null, at }]);
  const freed: string[] = [];
  for (;;) {
    const [outcome] = append([{ kind: 'erasure-continued', at }]);
    if (!outcome || !('change' in outcome)) return freed;
    freed.push(...(outcome.change.freed ?? []));
  }
}
