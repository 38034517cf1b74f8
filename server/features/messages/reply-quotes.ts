import type { DatabaseSync } from 'node:sqlite';
import type { Deleted, Edited } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import type { NextSeq } from '../../storage/appender.ts';
import { type Quote, quoteText } from './quote.ts';

/** Replies that quote the words of one message; later ones lead to it without its words. */
const MAX_QUOTES = 200;

/** The words of a message that its replies show, for as long as they are its words. */
export interface ReplyQuotes {
  quote(message: Message): string;
  /**
   * Takes the words of a message out of its replies, because they are not its words any more: what
   * was answered is not put into another's mouth, and what was deleted is nowhere. Each reply
   * changes once at most, however often the message does.
   * @returns the replies as they are now
   */
  redact(message: Message, event: Edited | Deleted): Message[];
}

export function replyQuotes(db: DatabaseSync, number: NextSeq): ReplyQuotes {
  const quoting = "reply = ? AND quote ->> 'text' IS NOT NULL";
  const count = db.prepare(`SELECT count(*) AS n FROM messages WHERE ${quoting}`);
  const all = db.prepare(`SELECT * FROM messages WHERE ${quoting} ORDER BY id`);
  const update = db.prepare('UPDATE messages SET seq = ?, quote = ? WHERE id = ?');
  return {
    quote(message) {
      const { id, uid, name } = message;
      const isFull = Number(count.get(id)?.n) >= MAX_QUOTES;
      const quote: Quote = { id, uid, name, text: isFull ? null : quoteText(message) };
      return JSON.stringify(quote);
    },
    redact({ id, uid, name }, { kind, room, who, at }) {
      const empty: Quote = { id, uid, name, text: null };
      const quote = JSON.stringify(empty);
      // node:sqlite types a row by its columns' values only; the schema says which they are.
      const replies = all.all(id) as unknown as Message[];
      return replies.map((reply) => {
        const seq = number(kind, room, who.uid, at);
        update.run(seq, quote, reply.id);
        return { ...reply, seq, quote };
      });
    },
  };
}
