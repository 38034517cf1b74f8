import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { OWN_UIDS } from '../accounts/former-guests.ts';
import { type Reaction, readReactions, withReaction } from './reaction.ts';

/** Users listed per emoji; of the others only the count is known. */
const MAX_PEOPLE = 50;

/** The reactions to messages. */
interface ReactionTable {
  /** How many reactions with an emoji a user has: one, or some from when they were guests. */
  count(id: number, emoji: string, uid: string): number;
  add(
    id: number,
    emoji: string,
    who: { readonly uid: string; readonly name: string | null },
    at: number,
  ): void;
  /** Removes a user's reactions with an emoji, those from when they were guests included. */
  removeAll(id: number, emoji: string, uid: string): number;
  /** Removes the reaction of a single uid. */
  remove(id: number, emoji: string, uid: string): void;
  /**
   * Stores, with the message, that the count of an emoji changed: counting them all would be slow if
   * there are many.
   * @param seq the event that changes it
   */
  update(message: Message, emoji: string, by: number, seq: number): Message;
}

export function reactionTable(db: DatabaseSync): ReactionTable {
  const of = 'message = ?1 AND emoji = ?2';
  const own = db.prepare(`SELECT count(*) AS n FROM reactions WHERE ${of} AND uid IN ${OWN_UIDS}`);
  const insert = db.prepare('INSERT INTO reactions VALUES (?, ?, ?, ?, ?)');
  const takeAll = db.prepare(`DELETE FROM reactions WHERE ${of} AND uid IN ${OWN_UIDS}`);
  const take = db.prepare(`DELETE FROM reactions WHERE ${of} AND uid = ?3`);
  const people = db.prepare(
    `SELECT uid, name FROM (SELECT uid, name, at FROM reactions WHERE ${of} ORDER BY uid LIMIT ?3)
     ORDER BY at, uid`,
  );
  const store = db.prepare('UPDATE messages SET seq = ?, reactions = ? WHERE id = ?');
  return {
    count: (id, emoji, uid) => Number(own.get(id, emoji, uid)?.n),
    add: (id, emoji, { uid, name }, at) => void insert.run(id, emoji, uid, name, at),
    removeAll: (id, emoji, uid) => Number(takeAll.run(id, emoji, uid).changes),
    remove: (id, emoji, uid) => void take.run(id, emoji, uid),
    update(message, emoji, by, seq) {
      const { id } = message;
      const before = readReactions(message);
      const count = (before.find((one) => one.emoji === emoji)?.count ?? 0) + by;
      // node:sqlite types a row by its columns' values only; the schema says which they are.
      const some = people.all(id, emoji, MAX_PEOPLE) as unknown as Reaction['people'];
      const after = withReaction(before, { emoji, count, people: some });
      const reactions = after.length === 0 ? null : JSON.stringify(after);
      store.run(seq, reactions, id);
      return { ...message, seq, reactions };
    },
  };
}
