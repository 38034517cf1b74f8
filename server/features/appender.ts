import type { DatabaseSync } from 'node:sqlite';
import { type Applier, groupAppender } from '../storage/appender.ts';
import { FormatInForce } from '../storage/format-in-force.ts';
import type { LogGuard } from '../storage/log-guard.ts';
import { type NextSeq, sequence } from '../storage/sequence.ts';
import { applySessions } from './accounts/apply-sessions.ts';
import { applyAdministration } from './administration/apply-administration.ts';
import { applyFiles } from './attachments/apply-files.ts';
import { freedFiles } from './attachments/freed-files.ts';
import type { ChatChange, ChatOutcome } from './change.ts';
import { applyErasure } from './erasure/apply-erasure.ts';
import type { EventHandlers } from './event.ts';
import type { Event } from './events.ts';
import { executedCommands } from './executed-commands.ts';
import { applyFormat } from './format/apply-format.ts';
import { applyMemberships } from './memberships/apply-memberships.ts';
import { applyEdits } from './messages/apply-edits.ts';
import { applyMessages } from './messages/apply-messages.ts';
import { applyRoomActions } from './moderation/apply-room-actions.ts';
import { writerBrowsers } from './moderation/writer-browsers.ts';
import { applyPolls } from './polls/apply-polls.ts';
import { applyPreparedPolls } from './polls/apply-prepared-polls.ts';
import { applyStage } from './projector/apply-stage.ts';
import { applyReactions } from './reactions/apply-reactions.ts';
import { applyReports } from './reports/apply-reports.ts';
import { applyRetention } from './retention/apply-retention.ts';
import { RoomCache } from './rooms/room-cache.ts';

/** Creates the function that writes groups of events: see groupAppender. */
export function appender(
  db: DatabaseSync,
  guard?: LogGuard,
): (group: readonly Event[]) => ChatOutcome[] {
  return groupAppender(db, applier(db, sequence(db).number), guard);
}

/** Decides whether an event is accepted, and what it changes: here, in the order of the log. */
export function applier(db: DatabaseSync, number: NextSeq): Applier<Event, ChatChange> {
  const rooms = new RoomCache(db);
  const writers = writerBrowsers(db);
  const executed = executedCommands(db);
  const freed = freedFiles(db);
  const polls = applyPolls(db, rooms, writers, number);
  const handlers: EventHandlers<Event, ChatOutcome> = {
    ...applyMessages(db, rooms, writers, number),
    ...applyEdits(db, rooms, number),
    ...applyReactions(db, rooms, number),
    ...applyRoomActions(db, rooms, writers, number),
    ...polls,
    ...applyPreparedPolls(db, rooms, number, polls['poll-created']),
    ...applyStage(db, rooms, number),
    ...applyReports(db, rooms, number),
    ...applySessions(db, rooms, number),
    ...applyFiles(db, number),
    ...applyMemberships(db, number),
    ...applyAdministration(db, rooms, number),
    ...applyRetention(db, rooms, number),
    ...applyErasure(db, rooms, writers, number),
    ...applyFormat(new FormatInForce(db), number),
  };
  return {
    apply(event) {
      const before = executed.outcomeOf(event);
      if (before) return before;
      // A handler is that of the event's kind, which the type of the table ensures.
      const handle = handlers[event.kind] as (event: Event) => ChatOutcome;
      const outcome = handle(event);
      executed.remember(event, outcome);
      freed.remember(outcome);
      return outcome;
    },
    flush: () => rooms.write(),
    reset() {
      rooms.invalidate();
      writers.forget();
    },
  };
}
