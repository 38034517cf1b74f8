import type { DatabaseSync } from 'node:sqlite';

/** Assigns an accepted event its number. */
export type NextSeq = (kind: string, room: string, uid: string, at: number) => number;

/** The numbers of events. */
export interface Sequence {
  readonly number: NextSeq;
  /** The number of the next event, where its place in a replicated log says it; `null`: the next free one. */
  next(seq: number | null): void;
}

export function sequence(db: DatabaseSync): Sequence {
  const insert = db.prepare('INSERT INTO events (seq, kind, room, uid, at) VALUES (?, ?, ?, ?, ?)');
  let next: number | null = null;
  return {
    number: (kind, room, uid, at) => Number(insert.run(next, kind, room, uid, at).lastInsertRowid),
    next(seq) {
      next = seq;
    },
  };
}
