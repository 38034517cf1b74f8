import type { DatabaseSync } from 'node:sqlite';

/** Assigns an accepted event its number. */
export type NextSeq = (kind: string, room: string, uid: string, at: number) => number;

export function sequence(db: DatabaseSync): NextSeq {
  const insert = db.prepare('INSERT INTO events (kind, room, uid, at) VALUES (?, ?, ?, ?)');
  return (kind, room, uid, at) => Number(insert.run(kind, room, uid, at).lastInsertRowid);
}
