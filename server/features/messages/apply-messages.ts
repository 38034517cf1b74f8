import type { DatabaseSync } from 'node:sqlite';
import type { Deleted, Posted } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/appender.ts';
import { carriedFiles, idsOf } from '../attachments/apply-files.ts';
import { hindrances } from '../moderation/permissions.ts';
import { pinnedAfter } from '../moderation/pins.ts';
import { isKeeper } from '../moderation/room-settings.ts';
import type { Writers } from '../moderation/writer-browsers.ts';
import { forgetter } from '../polls/poll-data-purger.ts';
import type { Rooms } from '../rooms/room-cache.ts';
import { timeline } from './message-table.ts';
import { quotes } from './reply-quotes.ts';

/** What is said, and taken away. */
export function messages(db: DatabaseSync, rooms: Rooms, writers: Writers, number: NextSeq) {
  const bury = db.prepare(
    `UPDATE messages SET seq = ?, kind = 'deleted', body = '', edited = NULL, reply = NULL,
       quote = NULL, reactions = NULL, files = NULL WHERE id = ?`,
  );
  const forgetReactions = db.prepare('DELETE FROM reactions WHERE message = ?');
  const votes = forgetter(db);
  const carried = carriedFiles(db);
  const { quote, withdraw } = quotes(db, number);
  const hindrance = hindrances(db, rooms);
  const { find, write, repeated } = timeline(db);

  function post(event: Posted): Outcome {
    const { room, who, cid, body, reply, at } = event;
    const isSame = ({ kind, edited, ...first }: Message) =>
      kind === 'deleted' ||
      ((edited !== null || first.body === body) && `${idsOf(first)}` === `${event.files}`);
    const again = repeated(event, isSame);
    if (again) return again;
    const answered = reply === null ? undefined : find(reply, room);
    if (reply !== null && (!answered || answered.kind === 'act'))
      return rejected('no-such-message');
    if (answered?.kind === 'deleted') return rejected('is-deleted');
    const hindered = carried.hindrance(event) ?? hindrance.speaking(event);
    if (hindered) return hindered;
    const seq = number('posted', room, who.uid, at);
    rooms.touch(room, at);
    writers.note(room, who);
    const files = carried.carry(seq, event);
    const answers = answered && { reply: answered.id, quote: quote(answered) };
    const message = write({ seq, room, kind: 'said', who, cid, body, files, at, answers });
    return { change: { seq, room, message }, isNew: true };
  }

  /** One may always take away what is one's own, whatever else one may not do in the room. */
  function remove(event: Deleted): Outcome {
    const { room, who, id, at } = event;
    const message = find(id, room);
    if (!message || message.kind === 'act') return rejected('no-such-message');
    const isTheirs = message.uid === who.uid;
    if (!isTheirs && !isKeeper(rooms.settings(room), who)) return rejected('not-keeper');
    if (message.kind === 'deleted') {
      return { change: { seq: message.seq, room, message }, isNew: false };
    }
    const requoted = withdraw(message, event);
    const seq = number('deleted', room, who.uid, at);
    bury.run(seq, id);
    votes.forget(id);
    forgetReactions.run(id);
    const freed = carried.forget(id);
    const nothing = { body: '', edited: null, reply: null, quote: null, reactions: null };
    const buried: Message = { ...message, ...nothing, files: null, seq, kind: 'deleted' };
    const change = { seq, room, message: buried, requoted, freed };
    const settings = rooms.settings(room);
    if (!settings.pinned.includes(id)) return { change, isNew: true };
    const unpinned = { ...settings, pinned: pinnedAfter(settings, { id, on: false }) };
    rooms.change(room, unpinned);
    return { change: { ...change, settings: unpinned }, isNew: true };
  }

  return { post, remove };
}
