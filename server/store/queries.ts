import type { DatabaseSync } from 'node:sqlite';
import type { Message } from './message.ts';

/** What can be asked of the store. */
export interface Queries {
  /** The log's name, and the number of its last event. */
  position(): { readonly epoch: string; readonly head: number };
  /** What changed in a room after `seq`, as it stands now, in the order of the changes. */
  changedSince(room: string, seq: number, limit: number): Message[];
  /** How many messages of a room changed after `seq`, counted up to `limit`. */
  countSince(room: string, seq: number, limit: number): number;
  /** The last messages of a room posted before the message `id`, in the order they were posted. */
  before(room: string, id: number, limit: number): Message[];
}

export function queries(db: DatabaseSync): Queries {
  const position = db.prepare(
    'SELECT epoch, (SELECT coalesce(max(seq), 0) FROM events) AS head FROM log',
  );
  const changed = db.prepare(
    'SELECT * FROM messages WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const count = db.prepare(
    'SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE room = ? AND seq > ? LIMIT ?)',
  );
  const before = db.prepare(
    'SELECT * FROM messages WHERE room = ? AND id < ? ORDER BY id DESC LIMIT ?',
  );
  // node:sqlite types a row by its columns' values only; the schema says which they are.
  type Rows = unknown;
  return {
    position: () => position.get() as Rows as ReturnType<Queries['position']>,
    changedSince: (...asked) => changed.all(...asked) as Rows as Message[],
    countSince: (...asked) => Number(count.get(...asked)?.n),
    before: (...asked) => (before.all(...asked) as Rows as Message[]).reverse(),
  };
}
