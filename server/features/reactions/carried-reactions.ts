import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import type { ChatChange } from '../change.ts';
import { messageTable } from '../messages/message-table.ts';
import { reactionTable } from './reaction-table.ts';

/** The reactions of a guest that are looked at, those to the latest messages. */
const MAX_REACTIONS = 500;

/**
 * Creates the function that counts the reactions of a guest as those of the user they became: where
 * both reacted to a message with the same emoji, the guest's reaction is removed.
 * @returns the changed messages, as one change for each room
 */
export function carriedReactions(
  db: DatabaseSync,
): (guest: string, uid: string, seq: number) => ChatChange[] {
  const given = db.prepare(
    `SELECT message, emoji, room FROM reactions JOIN messages ON id = message
     WHERE reactions.uid = ? ORDER BY message DESC, emoji LIMIT ?`,
  );
  const reactions = reactionTable(db);
  const { find } = messageTable(db);

  return (guest, uid, seq) => {
    const changed = new Map<number, Message>();
    for (const row of given.all(guest, MAX_REACTIONS)) {
      const [id, emoji] = [Number(row.message), String(row.emoji)];
      const message = changed.get(id) ?? find(id, String(row.room));
      if (!message || reactions.count(id, emoji, uid) < 2) continue;
      reactions.remove(id, emoji, guest);
      changed.set(id, reactions.update(message, emoji, -1, seq));
    }
    const inOrder = [...changed.values()].sort((a, b) => a.id - b.id);
    return [...Map.groupBy(inOrder, ({ room }) => room)].flatMap(([room, [message, ...others]]) =>
      message ? [{ seq, room, message, others }] : [],
    );
  };
}
