import type { DatabaseSync } from 'node:sqlite';
import { canEdit, writeDenial } from '../../auth/permissions.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import type { EventHandlers } from '../event.ts';
import { mentionTable } from '../memberships/mention-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { MessageEdited } from './events.ts';
import { messageTable } from './message-table.ts';
import { replyQuotes } from './reply-quotes.ts';

/** Edits of messages by their authors. */
export function applyEdits(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<MessageEdited, Outcome> {
  const update = db.prepare('UPDATE messages SET seq = ?, body = ?, edited = ? WHERE id = ?');
  const { authorOf } = formerGuests(db);
  const { redact } = replyQuotes(db);
  const mentions = mentionTable(db);
  const { find } = messageTable(db);

  function edit(event: MessageEdited): Outcome {
    const { room, who, id, body, at } = event;
    const message = find(id, room);
    if (!message) return rejected('no-such-message');
    if (message.kind === 'system' || message.kind === 'poll') return rejected('not-editable');
    if (!canEdit(who, authorOf(message))) return rejected('not-author');
    if (message.kind === 'deleted') return rejected('message-deleted');
    if (body === '' && message.files === null) return rejected('empty-message');
    // Slow mode is for new messages: an edit adds none.
    const denial = writeDenial(rooms.settings(room), who, at);
    if (denial) return rejected(denial);
    if (message.body === body) {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    const seq = number('message-edited', room, who.uid, at);
    const others = redact(message, seq);
    update.run(seq, body, at, id);
    mentions.remove(id);
    mentions.set({ ...message, body });
    const edited: Message = { ...message, seq, body, edited: at };
    return { change: { seq, room, message: edited, others }, isNew: true };
  }

  return { 'message-edited': edit };
}
