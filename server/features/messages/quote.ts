import type { Message } from '../../core/message.ts';
import { namesOf } from '../attachments/apply-files.ts';
import { parsePoll } from '../polls/poll.ts';

/** What a reply shows of the message it answers. */
export interface Quote {
  readonly id: number;
  readonly uid: string;
  readonly name: string | null;
  /** How that began when it was answered; `null` where it was changed or deleted since. */
  readonly text: string | null;
}

const MAX_CHARACTERS = 120;

export function readQuote({ quote }: Message): Quote | undefined {
  return quote === null ? undefined : (JSON.parse(quote) as Quote);
}

/** How a message begins, on one line; of one without words, the name of its first file. */
export function quoteText(message: Message): string {
  const { kind, body } = message;
  const words = kind === 'poll' ? parsePoll(body).question : body;
  const text = words || (namesOf(message)[0] ?? '');
  const [...characters] = text.replace(/\s+/g, ' ').trim();
  if (characters.length <= MAX_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MAX_CHARACTERS).join('')}…`;
}
