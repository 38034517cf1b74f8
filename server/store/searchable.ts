import type { DatabaseSync } from 'node:sqlite';
import type { Message } from './message.ts';
import { readPoll } from './poll.ts';
import { termsOf } from './terms.ts';

/** What people wrote in a message. Of a poll that is how it was asked: no count can be searched for. */
export function textOf({ kind, body }: Pick<Message, 'kind' | 'body'>): string {
  if (kind === 'said') return body;
  if (kind !== 'poll') return '';
  const { question, options } = readPoll(body);
  return [question, ...options].join('\n');
}

/** The term that stands for a room: no term of a text begins like it. */
export function roomTerm(room: string): string {
  return `#${Buffer.from(room).toString('hex')}`;
}

/** Teaches a connection that writes messages what the triggers of the index ask: see schema.ts. */
export function teachTerms(db: DatabaseSync): void {
  db.function('searchable', { deterministic: true }, (room, kind, body) => {
    const message = { kind: String(kind) as Message['kind'], body: String(body) };
    const terms = termsOf(textOf(message)).map(({ term }) => term);
    return [roomTerm(String(room)), ...terms].join(' ');
  });
}
