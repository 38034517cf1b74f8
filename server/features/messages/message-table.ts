import type { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../core/actor.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import { FLOOR } from '../moderation/clear-history.ts';
import type { PollCreated } from '../polls/events.ts';
import type { MessagePosted } from './events.ts';

/** A new message; its other fields follow from its author and time. */
interface NewMessage extends Pick<Message, 'seq' | 'room' | 'kind' | 'cid' | 'body' | 'at'> {
  readonly who: Actor;
  readonly files?: string | null;
  /** The message it replies to, and the quote of it. */
  readonly answers?: { readonly reply: number; readonly quote: string } | undefined;
}

/** The messages of the rooms, for writing. */
interface MessageTable {
  find(id: number, room: string): Message | undefined;
  findPoll(id: number, room: string): Message | undefined;
  /** Inserts a message at the end of the history. */
  insert(written: NewMessage): Message;
  /**
   * The outcome of an earlier event with the same client id, if there is one.
   * @param isSame whether that was the same message
   */
  findDuplicate(
    event: MessagePosted | PollCreated,
    isSame: (first: Message) => boolean,
  ): Outcome | undefined;
}

export function messageTable(db: DatabaseSync): MessageTable {
  const one = db.prepare(`SELECT * FROM messages WHERE room = ?1 AND id = ?2 AND id >= ${FLOOR}`);
  const forgetCid = db.prepare('UPDATE messages SET cid = NULL WHERE id = ?');
  const sent = db.prepare('SELECT * FROM messages WHERE uid = ? AND cid = ?');
  const insert = db.prepare(
    `INSERT INTO messages (id, seq, room, kind, uid, name, cid, body, files, at, reply, quote)
     VALUES (:id, :seq, :room, :kind, :uid, :name, :cid, :body, :files, :at, :reply, :quote)`,
  );
  const find = (id: number, room: string) => one.get(room, id) as Message | undefined;
  return {
    find,
    findPoll(id, room) {
      const message = find(id, room);
      return message?.kind === 'poll' ? message : undefined;
    },
    insert({ seq, room, kind, who: { uid, name }, cid, body, files = null, at, answers }) {
      const { reply, quote } = answers ?? { reply: null, quote: null };
      const message = { id: seq, seq, room, kind, uid, name, cid, body, files, at, reply, quote };
      insert.run(message);
      return { ...message, edited: null, reactions: null };
    },
    findDuplicate({ room, who, cid }, isSame) {
      const first = cid === null ? undefined : (sent.get(who.uid, cid) as Message | undefined);
      if (!first) return undefined;
      if (!find(first.id, first.room)) {
        // It was cleared but not removed yet: it counts as never sent.
        forgetCid.run(first.id);
        return undefined;
      }
      if (first.room !== room || !isSame(first)) return rejected('cid-reused');
      return { change: { seq: first.seq, room, message: first }, isNew: false };
    },
  };
}
