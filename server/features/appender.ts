import type { DatabaseSync } from 'node:sqlite';
import { type Applier, groupAppender } from '../storage/appender.ts';
import type { LogGuard } from '../storage/log-guard.ts';
import { sequence } from '../storage/sequence.ts';
import { applySessions } from './accounts/apply-sessions.ts';
import { applyFiles } from './attachments/apply-files.ts';
import type { ChatChange, ChatOutcome } from './change.ts';
import type { Event } from './events.ts';
import { applyEdits } from './messages/apply-edits.ts';
import { applyMessages } from './messages/apply-messages.ts';
import { applyRoomActions } from './moderation/apply-room-actions.ts';
import { writerBrowsers } from './moderation/writer-browsers.ts';
import { applyPolls } from './polls/apply-polls.ts';
import { applyReactions } from './reactions/apply-reactions.ts';
import { RoomCache } from './rooms/room-cache.ts';

/** Creates the function that writes groups of events: see groupAppender. */
export function appender(
  db: DatabaseSync,
  guard?: LogGuard,
): (group: readonly Event[]) => ChatOutcome[] {
  return groupAppender(db, applier(db), guard);
}

/** Decides whether an event is accepted, and what it changes: here, in the order of the log. */
function applier(db: DatabaseSync): Applier<Event, ChatChange> {
  const rooms = new RoomCache(db);
  const writers = writerBrowsers(db);
  const number = sequence(db);
  const { post, remove } = applyMessages(db, rooms, writers, number);
  const edit = applyEdits(db, rooms, number);
  const react = applyReactions(db, rooms, number);
  const act = applyRoomActions(db, rooms, writers, number);
  const poll = applyPolls(db, rooms, writers, number);
  const session = applySessions(db, number);
  const file = applyFiles(db, number);
  const apply = (event: Event): ChatOutcome => {
    switch (event.kind) {
      case 'message-posted':
        return post(event);
      case 'message-edited':
        return edit(event);
      case 'reaction-toggled':
        return react(event);
      case 'message-deleted':
        return remove(event);
      case 'room-action':
        return act(event);
      case 'poll-created':
      case 'votes-set':
      case 'vote-toggled':
      case 'option-suggested':
      case 'option-moderated':
      case 'poll-tallied':
      case 'poll-changed':
        return poll(event);
      case 'file-uploaded':
      case 'uploads-expired':
        return file(event);
      default:
        return session(event);
    }
  };
  return {
    apply,
    flush: () => rooms.write(),
    reset() {
      rooms.invalidate();
      writers.forget();
    },
  };
}
