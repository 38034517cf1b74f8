import type { RefusalCode } from './errors.ts';
import { acts } from './words/acts.ts';
import { connection } from './words/connection.ts';
import { errors } from './words/errors.ts';
import { notifications } from './words/notifications.ts';
import { pages } from './words/pages.ts';
import { peace } from './words/peace.ts';
import { people } from './words/people.ts';
import { polls } from './words/polls.ts';
import { room } from './words/room.ts';
import { sending } from './words/sending.ts';
import { transports } from './words/transports.ts';

/** Every word on the screen, in every language. */
const en = {
  ...acts.en,
  ...connection.en,
  ...errors.en,
  ...notifications.en,
  ...pages.en,
  ...peace.en,
  ...people.en,
  ...polls.en,
  ...room.en,
  ...sending.en,
  ...transports.en,
} as const satisfies Record<RefusalCode, string>;

export type Word = keyof typeof en;

const zh: Readonly<Record<Word, string>> = {
  ...acts.zh,
  ...connection.zh,
  ...errors.zh,
  ...notifications.zh,
  ...pages.zh,
  ...peace.zh,
  ...people.zh,
  ...polls.zh,
  ...room.zh,
  ...sending.zh,
  ...transports.zh,
};

const catalogue = { en, zh } as const;

export type Language = keyof typeof catalogue;
export const languages = Object.keys(catalogue) as readonly Language[];

export function wordsOf(language: Language): Readonly<Record<Word, string>> {
  return catalogue[language];
}

/** A word or a sentence in a language, its values filled in. */
export function say(
  language: Language,
  word: Word,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return wordsOf(language)[word].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}
