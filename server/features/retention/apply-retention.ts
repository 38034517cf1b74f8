import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { attachments } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import { messageRemoval } from '../messages/message-removal.ts';
import { replyQuotes } from '../messages/reply-quotes.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { MessagesExpired } from './events.ts';
import { expiryOf } from './keep-days.ts';

/** Messages removed by one event: other events wait for it. */
const PIECE = 100;

/** Removes messages that are older than they are kept, the oldest first, in pieces. */
export function applyRetention(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<MessagesExpired, ChatOutcome> {
  const oldest = db.prepare('SELECT * FROM messages WHERE room = ? ORDER BY id LIMIT ?');
  const files = attachments(db);
  const { redact } = replyQuotes(db);
  const remove = messageRemoval(db);

  /** The first messages of a room, up to one that was posted later than that. */
  function firstBefore(time: number, room: string): readonly Message[] {
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    const rows = oldest.all(room, PIECE) as unknown as Message[];
    const kept = rows.findIndex(({ at }) => at >= time);
    return kept === -1 ? rows : rows.slice(0, kept);
  }

  function expire({ room, keepDays, at }: MessagesExpired): ChatOutcome {
    const settings = rooms.settings(room);
    const time = expiryOf(at, keepDays, settings.keepDays);
    const expired = time === undefined ? [] : firstBefore(time, room);
    const last = expired.at(-1)?.id;
    if (last === undefined) return rejected('no-such-message');
    const seq = number('messages-expired', room, '', at);
    const replies = new Map<number, Message>();
    const freed: string[] = [];
    for (const message of expired) {
      for (const reply of redact(message, seq)) replies.set(reply.id, reply);
      freed.push(...files.detach(message.id));
      remove(message);
    }
    const others = [...replies.values()].filter(({ id }) => id > last).sort((a, b) => a.id - b.id);
    const expiredId = Math.max(settings.expiredId, last);
    const pinned = settings.pinned.filter((id) => id > last);
    const changed = rooms.change(room, { ...settings, expiredId, pinned });
    const change = { seq, room, expiredId, others, settings: changed, freed };
    return { change, isNew: true };
  }

  return { 'messages-expired': expire };
}
