import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { LogPosition } from '../core/log.ts';

export function positions(db: DatabaseSync): () => LogPosition {
  const position = db.prepare(
    'SELECT epoch, (SELECT coalesce(max(seq), 0) FROM events) AS head FROM log',
  );
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  return () => position.get() as unknown as LogPosition;
}

/** Starts a new epoch: no earlier cursor belongs to it. */
export function newEpoch(db: DatabaseSync): string {
  const epoch = randomEpoch();
  db.prepare('UPDATE log SET epoch = ?').run(epoch);
  return epoch;
}

export function randomEpoch(): string {
  return randomBytes(6).toString('hex');
}
