import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../event.ts';
import type { Message } from './message.ts';

/** What came of an event: the message as it stands now, or why the event does not count. */
export type Outcome =
  | { readonly message: Message; readonly isNew: boolean }
  | { readonly refused: 'cid-reused' };

/**
 * Makes the function that writes events and what they add up to: all of a group in one transaction,
 * in order, with an outcome for each. It throws where nothing of the group was written.
 */
export function appender(db: DatabaseSync): (group: readonly Event[]) => Outcome[] {
  const apply = applier(db);
  return (group) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = group.map(apply);
      db.exec('COMMIT');
      return outcomes;
    } catch (error) {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}

/** Decides whether an event counts, and what it changes: here, in the order of the log. */
function applier(db: DatabaseSync): (event: Event) => Outcome {
  const sent = db.prepare('SELECT * FROM messages WHERE uid = ? AND cid = ?');
  const event = db.prepare('INSERT INTO events (kind, room, uid, at) VALUES (?, ?, ?, ?)');
  const message = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)');

  return ({ kind, room, uid, cid, body, at }) => {
    const first = cid === null ? undefined : (sent.get(uid, cid) as Message | undefined);
    if (first) {
      const isSame = first.room === room && first.body === body;
      return isSame ? { message: first, isNew: false } : { refused: 'cid-reused' };
    }
    const seq = Number(event.run(kind, room, uid, at).lastInsertRowid);
    message.run(seq, seq, room, uid, cid, body, at);
    return { message: { id: seq, seq, room, uid, cid, body, at }, isNew: true };
  };
}
