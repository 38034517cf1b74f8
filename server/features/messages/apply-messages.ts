import type { DatabaseSync } from 'node:sqlite';
import { canDelete } from '../../auth/permissions.ts';
import type { Message } from '../../core/message.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import { attachments, idsOf } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import { mentionTable } from '../memberships/mention-table.ts';
import { withPin } from '../moderation/pins.ts';
import { postingCheck } from '../moderation/posting.ts';
import type { WriterBrowsers } from '../moderation/writer-browsers.ts';
import { pollDataPurger } from '../polls/poll-data-purger.ts';
import { reportTable } from '../reports/report-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { MessageDeleted, MessagePosted } from './events.ts';
import { messageTable } from './message-table.ts';
import { replyQuotes } from './reply-quotes.ts';

/** Posts and deletes messages. */
export function applyMessages(
  db: DatabaseSync,
  rooms: RoomCache,
  writers: WriterBrowsers,
  number: NextSeq,
): EventHandlers<MessagePosted | MessageDeleted, ChatOutcome> {
  const bury = db.prepare(
    `UPDATE messages SET seq = ?, kind = 'deleted', body = '', edited = NULL, reply = NULL,
       quote = NULL, reactions = NULL, files = NULL WHERE id = ?`,
  );
  const forgetReactions = db.prepare('DELETE FROM reactions WHERE message = ?');
  const votes = pollDataPurger(db);
  const carried = attachments(db);
  const { authorOf } = formerGuests(db);
  const { quote, redact } = replyQuotes(db);
  const postingDenial = postingCheck(db, rooms);
  const mentions = mentionTable(db);
  const reports = reportTable(db);
  const { find, insert, findDuplicate } = messageTable(db);

  function post(event: MessagePosted): ChatOutcome {
    const { room, who, cid, body, reply, at } = event;
    const isSame = ({ kind, edited, ...first }: Message) =>
      kind === 'deleted' ||
      ((edited !== null || first.body === body) && `${idsOf(first)}` === `${event.files}`);
    const again = findDuplicate(event, isSame);
    if (again) return again;
    const answered = reply === null ? undefined : find(reply, room);
    if (reply !== null && (!answered || answered.kind === 'system'))
      return rejected('no-such-message');
    if (answered?.kind === 'deleted') return rejected('message-deleted');
    const hindered = carried.check(event) ?? postingDenial(event);
    if (hindered) return hindered;
    const seq = number('message-posted', room, who.uid, at);
    const created = rooms.recordActivity(room, at);
    writers.note(room, who);
    const files = carried.attach(seq, event);
    const answers = answered && { reply: answered.id, quote: quote(answered) };
    const message = insert({ seq, room, kind: 'message', who, cid, body, files, at, answers });
    mentions.set(message);
    return { change: { seq, room, message, ...created }, isNew: true };
  }

  function remove(event: MessageDeleted): ChatOutcome {
    const { room, who, id, at } = event;
    const message = find(id, room);
    if (!message || message.kind === 'system') return rejected('no-such-message');
    if (!canDelete(rooms.settings(room), who, authorOf(message))) return rejected('not-moderator');
    if (message.kind === 'deleted') {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    const seq = number('message-deleted', room, who.uid, at);
    const others = redact(message, seq);
    bury.run(seq, id);
    votes.purge(id);
    forgetReactions.run(id);
    mentions.remove(id);
    reports.remove(id);
    const freed = carried.detach(id);
    const nothing = { body: '', edited: null, reply: null, quote: null, reactions: null };
    const buried: Message = { ...message, ...nothing, files: null, seq, kind: 'deleted' };
    const change = { seq, room, message: buried, others, freed };
    const settings = rooms.settings(room);
    if (!settings.pinned.includes(id)) return { change, isNew: true };
    const unpinned = { ...settings, pinned: withPin(settings, { type: 'message-unpinned', id }) };
    rooms.change(room, unpinned);
    return { change: { ...change, settings: unpinned }, isNew: true };
  }

  return { 'message-posted': post, 'message-deleted': remove };
}
