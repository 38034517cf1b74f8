import type { Message } from '../../core/message.ts';
import { namesOf } from '../attachments/apply-files.ts';
import { parsePoll } from '../polls/poll.ts';
import { plainText } from './plain-text.ts';

/** The quote that a reply shows. */
export interface Quote {
  readonly id: number;
  readonly uid: string;
  readonly name: string | null;
  /** How the quoted message began, without Markdown; `null` if it was edited or deleted since. */
  readonly text: string | null;
}

const MAX_CHARACTERS = 120;
/** How much of a message its quote is made of, in UTF-16 units. */
const MAX_SOURCE = 1_000;

export function readQuote({ quote }: Message): Quote | undefined {
  return quote === null ? undefined : (JSON.parse(quote) as Quote);
}

/** The beginning of a message, on one line; without text, the name of its first attachment. */
export function quoteText(message: Message): string {
  const { kind, body } = message;
  const words =
    kind === 'poll'
      ? parsePoll(body).question
      : plainText(body.slice(0, MAX_SOURCE).toWellFormed());
  const text = words || (namesOf(message)[0] ?? '');
  const [...characters] = text.replace(/\s+/g, ' ').trim();
  if (characters.length <= MAX_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MAX_CHARACTERS).join('')}…`;
}
