import type { Page } from '../core/history-store.ts';
import { lengthOf, type Message } from '../core/message.ts';

/**
 * The first rows, limited in number and in total length, but at least one. An answer is copied from
 * thread to thread, and held for one client.
 * @param rows messages of the table, one more than `limit` where there are more
 */
export function pageOf(rows: Iterable<unknown>, limit: number, maxLength: number): Page {
  const messages: Message[] = [];
  let length = 0;
  for (const row of rows) {
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    const message = row as Message;
    length += lengthOf(message);
    const isFull = messages.length > 0 && length > maxLength;
    if (messages.length === limit || isFull) return { messages, isMore: true };
    messages.push(message);
  }
  return { messages, isMore: false };
}
