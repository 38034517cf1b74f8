import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../core/event.ts';
import type { Outcome } from '../core/outcome.ts';
import { applySessions } from '../features/accounts/apply-sessions.ts';
import { applyFiles } from '../features/attachments/apply-files.ts';
import { applyEdits } from '../features/messages/apply-edits.ts';
import { applyMessages } from '../features/messages/apply-messages.ts';
import { applyRoomActions } from '../features/moderation/apply-room-actions.ts';
import {
  type WriterBrowsers,
  writerBrowsers as writersOf,
} from '../features/moderation/writer-browsers.ts';
import { applyPolls } from '../features/polls/apply-polls.ts';
import { applyReactions } from '../features/reactions/apply-reactions.ts';
import { RoomCache } from '../features/rooms/room-cache.ts';
import type { LogGuard } from './log-guard.ts';
import { inTransaction } from './transaction.ts';

/**
 * Creates the function that writes events and their effects: a whole group in one transaction, in
 * order, with an outcome for each. It throws where nothing of the group was written.
 * @param guard notices when the files are gone; none where they are in memory
 */
export function appender(
  db: DatabaseSync,
  guard?: LogGuard,
): (group: readonly Event[]) => Outcome[] {
  const rooms = new RoomCache(db);
  const writers = writersOf(db);
  const apply = applier(db, rooms, writers);
  return (group) => {
    let outcomes: Outcome[];
    try {
      outcomes = inTransaction(db, () => {
        const all = group.map(apply);
        rooms.write();
        guard?.assertInPlace();
        return all;
      });
    } catch (error) {
      rooms.invalidate();
      writers.forget();
      throw error;
    }
    const head = headOf(outcomes);
    if (head !== undefined) guard?.committed(head);
    return outcomes;
  };
}

/** The number of the last accepted event of a group. */
function headOf(outcomes: readonly Outcome[]): number | undefined {
  const last = outcomes.findLast((outcome) => 'change' in outcome && outcome.isNew);
  return last && 'change' in last ? last.change.seq : undefined;
}

/** Decides whether an event is accepted, and what it changes: here, in the order of the log. */
function applier(
  db: DatabaseSync,
  rooms: RoomCache,
  writers: WriterBrowsers,
): (event: Event) => Outcome {
  const insert = db.prepare('INSERT INTO events (kind, room, uid, at) VALUES (?, ?, ?, ?)');
  const number = (kind: Event['kind'], room: string, uid: string, at: number) =>
    Number(insert.run(kind, room, uid, at).lastInsertRowid);
  const { post, remove } = applyMessages(db, rooms, writers, number);
  const edit = applyEdits(db, rooms, number);
  const react = applyReactions(db, rooms, number);
  const act = applyRoomActions(db, rooms, writers, number);
  const poll = applyPolls(db, rooms, writers, number);
  const session = applySessions(db, number);
  const file = applyFiles(db, number);
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

/** Assigns an accepted event its number. */
export type NextSeq = (kind: Event['kind'], room: string, uid: string, at: number) => number;
