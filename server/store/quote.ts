import type { Message } from './message.ts';
import { readPoll } from './poll.ts';

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

/** How a message begins, on one line. */
export function excerpt({ kind, body }: Message): string {
  const text = kind === 'poll' ? readPoll(body).question : body;
  const [...characters] = text.replace(/\s+/g, ' ').trim();
  if (characters.length <= MAX_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MAX_CHARACTERS).join('')}…`;
}
