import type { DatabaseSync } from 'node:sqlite';
import { namesOf } from './files.ts';
import type { Message } from './message.ts';
import { readPoll } from './poll.ts';
import { termsOf } from './terms.ts';

type Text = Pick<Message, 'kind' | 'body' | 'files'>;

/**
 * What people wrote in a message, and the names of its files. Of a poll that is how it was asked: no
 * count can be searched for.
 */
export function textOf({ kind, body, files }: Text): string {
  if (kind === 'said') return [body, ...namesOf({ files })].filter(Boolean).join('\n');
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
  // The first triggers knew of no files.
  const options = { deterministic: true, varargs: true };
  db.function('searchable', options, (room, kind, body, names = null) => {
    const files = names === null ? null : String(names);
    const message = { kind: String(kind) as Message['kind'], body: String(body), files };
    const terms = termsOf(textOf(message)).map(({ term }) => term);
    return [roomTerm(String(room)), ...terms].join(' ');
  });
}
