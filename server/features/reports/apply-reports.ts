import type { DatabaseSync } from 'node:sqlite';
import { canModerate, voteDenial } from '../../auth/permissions.ts';
import type { Message } from '../../core/message.ts';
import { type Rejected, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import { messageTable } from '../messages/message-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { MessageReported, ReportEvent, ReportsDismissed } from './events.ts';
import { reportTable } from './report-table.ts';

/** Reports in a room that wait for a moderator. */
const MAX_OPEN = 200;
/** Reports of a user within an hour. */
const MAX_HOURLY = 10;
const HOUR_MS = 60 * 60 * 1_000;

/** Reports of messages. Nobody in the room is told of them. */
export function applyReports(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<ReportEvent, ChatOutcome> {
  const { find } = messageTable(db);
  const { authorOf } = formerGuests(db);
  const reports = reportTable(db);

  function denial({ room, who, at }: MessageReported, message: Message): Rejected | undefined {
    // Muted users may report who annoys them.
    if (voteDenial(rooms.settings(room), who, at) === 'banned') return rejected('banned');
    if (message.kind === 'deleted') return rejected('message-deleted');
    return authorOf(message).uid === who.uid ? rejected('own-message') : undefined;
  }

  function report(event: MessageReported): ChatOutcome {
    const { kind, room, who, id, reason, at } = event;
    const message = find(id, room);
    if (!message || message.kind === 'system') return rejected('no-such-message');
    const stopped = denial(event, message);
    if (stopped) return stopped;
    if (reports.has(id, who.uid)) return { change: { seq: message.seq, room }, isNew: false };
    if (reports.countBy(who.uid, at - HOUR_MS) >= MAX_HOURLY) return rejected('rate-limited');
    if (reports.countOpen(room) >= MAX_OPEN) return rejected('too-many-reports');
    const seq = number(kind, room, who.uid, at);
    reports.add({ message: id, uid: who.uid, room, reason, at });
    return { change: { seq, room }, isNew: true };
  }

  function dismiss({ kind, room, who, id, at }: ReportsDismissed): ChatOutcome {
    const message = find(id, room);
    if (!canModerate(rooms.settings(room), who)) return rejected('not-moderator');
    // Moderators are not told that their own message was reported.
    if (!message || authorOf(message).uid === who.uid) return rejected('no-such-message');
    if (reports.dismiss(id) === 0) return { change: { seq: message.seq, room }, isNew: false };
    return { change: { seq: number(kind, room, who.uid, at), room }, isNew: true };
  }

  return { 'message-reported': report, 'reports-dismissed': dismiss };
}
