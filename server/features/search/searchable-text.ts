import type { Message } from '../../core/message.ts';
import { namesOf } from '../attachments/apply-files.ts';
import { acceptsSuggestions, isPublic, parsePoll } from '../polls/poll.ts';
import { termsOf } from './terms.ts';

type Text = Pick<Message, 'kind' | 'body' | 'files'>;

/**
 * What people wrote in a message, and the names of its files. Of a poll that is how it was asked: no
 * count can be searched for.
 */
export function textOf({ kind, body, files }: Text): string {
  if (kind === 'said') return [body, ...namesOf({ files })].filter(Boolean).join('\n');
  if (kind !== 'poll') return '';
  const poll = parsePoll(body);
  // What people put is the answer itself: it can be found when the counts can be seen.
  const isShown = !acceptsSuggestions(poll.kind) || isPublic(poll);
  return [poll.question, ...(isShown ? poll.options : [])].join('\n');
}

/** The term that stands for a room: no term of a text begins like it. */
export function roomTerm(room: string): string {
  return `#${Buffer.from(room).toString('hex')}`;
}

/** What the index is given of a message: its terms, with spaces between them. */
export function indexed(message: Message): string {
  const terms = Array.from(termsOf(textOf(message)), ({ term }) => term);
  return [roomTerm(message.room), ...terms].join(' ');
}
