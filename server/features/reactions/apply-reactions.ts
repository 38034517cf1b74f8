import type { DatabaseSync } from 'node:sqlite';
import { writeDenial } from '../../auth/permissions.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import type { EventHandlers } from '../event.ts';
import { messageTable } from '../messages/message-table.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type { ReactionToggled } from './events.ts';
import { readReactions } from './reaction.ts';
import { reactionTable } from './reaction-table.ts';

/** Different emoji per message. */
const MAX_EMOJI = 20;

/** Adds and removes reactions to messages. */
export function applyReactions(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<ReactionToggled, Outcome> {
  const reactions = reactionTable(db);
  const { find } = messageTable(db);

  function toggle(event: ReactionToggled): Outcome {
    const { room, who, id, emoji, at } = event;
    const message = find(id, room);
    if (!message || message.kind === 'system') return rejected('no-such-message');
    if (message.kind === 'deleted') return rejected('message-deleted');
    const denial = writeDenial(rooms.settings(room), who, at);
    if (denial) return rejected(denial);
    const is = reactions.count(id, emoji, who.uid) > 0;
    const on = event.enabled ?? !is;
    if (on === is) return { change: { seq: message.seq, room, message }, isNew: false };
    const before = readReactions(message);
    if (on && before.length >= MAX_EMOJI && !before.some((one) => one.emoji === emoji)) {
      return rejected('too-many-reactions', { max: MAX_EMOJI });
    }
    const seq = number('reaction-toggled', room, who.uid, at);
    if (on) reactions.add(id, emoji, who, at);
    const by = on ? 1 : -reactions.removeAll(id, emoji, who.uid);
    return {
      change: { seq, room, message: reactions.update(message, emoji, by, seq) },
      isNew: true,
    };
  }

  return { 'reaction-toggled': toggle };
}
