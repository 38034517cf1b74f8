import type { DatabaseSync } from 'node:sqlite';
import { writeDenial } from '../../auth/permissions.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import type { EventHandlers } from '../event.ts';
import { messageTable } from '../messages/message-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { ReactionToggled } from './events.ts';
import { type Reaction, readReactions } from './reaction.ts';

/** Different emoji per message. */
const MAX_EMOJI = 20;
/** Users listed per emoji; of the others only the count is known. */
const MAX_PEOPLE = 50;

/** Adds and removes reactions to messages. */
export function applyReactions(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<ReactionToggled, Outcome> {
  const of = 'message = ? AND emoji = ?';
  const own = db.prepare(`SELECT 1 FROM reactions WHERE ${of} AND uid = ?`);
  const add = db.prepare('INSERT INTO reactions VALUES (?, ?, ?, ?, ?)');
  const take = db.prepare(`DELETE FROM reactions WHERE ${of} AND uid = ?`);
  const people = db.prepare(
    `SELECT uid, name FROM (SELECT uid, name, at FROM reactions WHERE ${of} LIMIT ?)
     ORDER BY at, uid`,
  );
  const update = db.prepare('UPDATE messages SET seq = ?, reactions = ? WHERE id = ?');
  const { find } = messageTable(db);

  /** The reactions with one added or removed: counting them all would be slow if there are many. */
  function changed(
    before: readonly Reaction[],
    { id, emoji }: ReactionToggled,
    by: 1 | -1,
  ): readonly Reaction[] {
    const count = (before.find((one) => one.emoji === emoji)?.count ?? 0) + by;
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    const some = people.all(id, emoji, MAX_PEOPLE) as unknown as Reaction['people'];
    const after = { emoji, count, people: some };
    if (count === by) return [...before, after];
    return before.flatMap((one) => (one.emoji === emoji ? (count > 0 ? [after] : []) : [one]));
  }

  function toggle(event: ReactionToggled): Outcome {
    const { room, who, id, emoji, at } = event;
    const message = find(id, room);
    if (!message || message.kind === 'system') return rejected('no-such-message');
    if (message.kind === 'deleted') return rejected('message-deleted');
    const denial = writeDenial(rooms.settings(room), who, at);
    if (denial) return rejected(denial);
    const is = own.get(id, emoji, who.uid) !== undefined;
    const on = event.enabled ?? !is;
    if (on === is) return { change: { seq: message.seq, room, message }, isNew: false };
    const before = readReactions(message);
    if (on && before.length >= MAX_EMOJI && !before.some((one) => one.emoji === emoji)) {
      return rejected('too-many-reactions', { max: MAX_EMOJI });
    }
    const seq = number('reaction-toggled', room, who.uid, at);
    if (on) add.run(id, emoji, who.uid, who.name, at);
    else take.run(id, emoji, who.uid);
    const after = changed(before, event, on ? 1 : -1);
    const reactions = after.length === 0 ? null : JSON.stringify(after);
    update.run(seq, reactions, id);
    return { change: { seq, room, message: { ...message, seq, reactions } }, isNew: true };
  }

  return { 'reaction-toggled': toggle };
}
