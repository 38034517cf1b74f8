import type { DatabaseSync } from 'node:sqlite';
import { messageRemoval } from '../messages/message-removal.ts';

/** Messages removed at once: nothing is committed meanwhile. */
const PIECE = 250;

/**
 * Where the history of the room `?1` begins, in SQL. A message whose id or last change has a lower
 * number was cleared: it is invisible at once, and removed in pieces.
 */
export const FLOOR = '(SELECT coalesce(max(before), 0) FROM cleared WHERE room = ?1)';

/** Removes cleared messages in pieces: commits can't wait the seconds that a large room takes. */
interface Clearing {
  /** Clears a room up to an event; a small room is removed at once. */
  begin(room: string, before: number): void;
  /** Removes the next piece. False if nothing is left to remove. */
  removePiece(): boolean;
}

export function historyClearing(db: DatabaseSync): Clearing {
  const begin = db.prepare('INSERT OR REPLACE INTO cleared VALUES (?, ?)');
  const next = db.prepare('SELECT room, before FROM cleared LIMIT 1');
  const end = db.prepare('DELETE FROM cleared WHERE room = ?');
  const piece = db.prepare(
    'SELECT id, kind FROM messages WHERE room = ? AND id < ? ORDER BY id LIMIT ?',
  );
  const remove = messageRemoval(db);

  function removeFrom(room: string, before: number): void {
    const messages = piece.all(room, before, PIECE);
    for (const { id, kind } of messages) remove({ id: Number(id), kind: String(kind) });
    if (messages.length < PIECE) end.run(room);
  }

  return {
    begin(room, before) {
      begin.run(room, before);
      removeFrom(room, before);
    },
    removePiece() {
      const row = next.get();
      if (row) removeFrom(String(row.room), Number(row.before));
      return row !== undefined;
    },
  };
}
