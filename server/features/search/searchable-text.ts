import type { Message } from '../../core/message.ts';
import { namesOf } from '../attachments/apply-files.ts';
import { plainText } from '../messages/plain-text.ts';
import { isPublic, parsePoll } from '../polls/poll.ts';
import { acceptsSuggestions } from '../polls/poll-kinds.ts';
import { nameKey } from './search-query.ts';
import { termsOf } from './terms.ts';

type Text = Pick<Message, 'kind' | 'body' | 'files'>;

/**
 * The text of a message, and the names of its attachments. Of a poll, its question and options:
 * counts can't be searched.
 */
export function textOf({ kind, body, files }: Text): string {
  if (kind === 'message') return withNames(body, files);
  if (kind !== 'poll') return '';
  const poll = parsePoll(body);
  // Suggestions are the answers: they can be found only when the counts are public.
  const isShown = !acceptsSuggestions(poll.kind) || isPublic(poll);
  return [poll.question, ...(isShown ? poll.options : [])].join('\n');
}

/** The same without Markdown, as it is shown in a list of messages. */
export function shownText(message: Text): string {
  const { kind, body, files } = message;
  return kind === 'message' ? withNames(plainText(body), files) : textOf(message);
}

function withNames(text: string, files: Text['files']): string {
  return [text, ...namesOf({ files })].filter(Boolean).join('\n');
}

/** The term for a room: no term of a text begins like it. */
export function roomTerm(room: string): string {
  return `#${Buffer.from(room).toString('hex')}`;
}

/** The term for an author, by the key of the name. No term of a text begins like it. */
export function authorTerm(key: string): string {
  return `@${Buffer.from(key).toString('hex')}`;
}

/** The text to index for a message: its terms, separated by spaces. */
export function indexed(message: Message): string {
  const terms = Array.from(termsOf(textOf(message)), ({ term }) => term);
  const author = nameKey(message.name ?? '');
  const of = author === '' ? [] : [authorTerm(author)];
  return [roomTerm(message.room), ...of, ...terms].join(' ');
}
