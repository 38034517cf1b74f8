import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../event.ts';
import { acts } from './acts.ts';
import { edits } from './edits.ts';
import { files } from './files.ts';
import { messages } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { polls } from './polls.ts';
import { reactions } from './reactions.ts';
import { Rooms } from './rooms.ts';
import { sessions } from './sessions.ts';

/**
 * Makes the function that writes events and what they add up to: all of a group in one transaction,
 * in order, with an outcome for each. It throws where nothing of the group was written.
 */
export function appender(db: DatabaseSync): (group: readonly Event[]) => Outcome[] {
  const rooms = new Rooms(db);
  const apply = applier(db, rooms);
  return (group) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = group.map(apply);
      rooms.write();
      db.exec('COMMIT');
      return outcomes;
    } catch (error) {
      // After some errors, a full disk among them, SQLite has rolled back by itself.
      if (db.isTransaction) db.exec('ROLLBACK');
      rooms.forget();
      throw error;
    }
  };
}

/** Decides whether an event counts, and what it changes: here, in the order of the log. */
function applier(db: DatabaseSync, rooms: Rooms): (event: Event) => Outcome {
  const insert = db.prepare('INSERT INTO events (kind, room, uid, at) VALUES (?, ?, ?, ?)');
  const number = (kind: Event['kind'], room: string, uid: string, at: number) =>
    Number(insert.run(kind, room, uid, at).lastInsertRowid);
  const { post, remove } = messages(db, rooms, number);
  const edit = edits(db, rooms, number);
  const react = reactions(db, rooms, number);
  const act = acts(db, rooms, number);
  const poll = polls(db, rooms, number);
  const session = sessions(db, number);
  const file = files(db, number);
  return (event) => {
    switch (event.kind) {
      case 'posted':
        return post(event);
      case 'edited':
        return edit(event);
      case 'reacted':
        return react(event);
      case 'deleted':
        return remove(event);
      case 'acted':
        return act(event);
      case 'asked':
      case 'voted':
      case 'chose':
      case 'suggested':
      case 'option-marked':
      case 'tallied':
      case 'poll-acted':
        return poll(event);
      case 'uploaded':
      case 'dropped':
        return file(event);
      default:
        return session(event);
    }
  };
}

/** Gives an event that counts its number. */
export type Numberer = (kind: Event['kind'], room: string, uid: string, at: number) => number;
