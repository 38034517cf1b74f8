import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { type Quote, quoteText } from './quote.ts';

/** The maximum number of replies that quote a message's text; later ones only link to it. */
const MAX_QUOTES = 200;

/** The text of a message in its replies, as long as it is current. */
interface ReplyQuotes {
  quote(message: Message): string;
  /**
   * Removes the text of a message from its replies, because it is no longer its text: nobody seems
   * to have answered something else, and a deleted text is nowhere. Each reply changes at most
   * once, however often the message does.
   * @param seq the event that changes the message
   * @returns the replies as they are now, in the order of their ids
   */
  redact(message: Message, seq: number): Message[];
}

export function replyQuotes(db: DatabaseSync): ReplyQuotes {
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
    redact({ id, uid, name }, seq) {
      const empty: Quote = { id, uid, name, text: null };
      const quote = JSON.stringify(empty);
      // node:sqlite types a row by its columns' values only; the schema says which they are.
      const replies = all.all(id) as unknown as Message[];
      return replies.map((reply) => {
        update.run(seq, quote, reply.id);
        return { ...reply, seq, quote };
      });
    },
  };
}
