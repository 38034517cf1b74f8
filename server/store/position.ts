import type { DatabaseSync } from 'node:sqlite';

/** Where a log is: its name, and the number of its last event. */
export interface Position {
  readonly epoch: string;
  readonly head: number;
}

export function positions(db: DatabaseSync): () => Position {
  const position = db.prepare(
    'SELECT epoch, (SELECT coalesce(max(seq), 0) FROM events) AS head FROM log',
  );
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  return () => position.get() as unknown as Position;
}
