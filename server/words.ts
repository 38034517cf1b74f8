import type { RefusalCode } from './errors.ts';
import { acts } from './words/acts.ts';
import { connection } from './words/connection.ts';
import { errors } from './words/errors.ts';
import { files } from './words/files.ts';
import { mend } from './words/mend.ts';
import { notifications } from './words/notifications.ts';
import { pages } from './words/pages.ts';
import { peace } from './words/peace.ts';
import { people } from './words/people.ts';
import { polls } from './words/polls.ts';
import { present } from './words/present.ts';
import { room } from './words/room.ts';
import { search } from './words/search.ts';
import { sending } from './words/sending.ts';
import { transports } from './words/transports.ts';
import { writing } from './words/writing.ts';

/** Every word on the screen, in every language. */
const en = {
  ...acts.en,
  ...connection.en,
  ...errors.en,
  ...files.en,
  ...mend.en,
  ...notifications.en,
  ...pages.en,
  ...peace.en,
  ...people.en,
  ...polls.en,
  ...present.en,
  ...room.en,
  ...search.en,
  ...sending.en,
  ...transports.en,
  ...writing.en,
} as const satisfies Record<RefusalCode, string>;

export type Word = keyof typeof en;

const zh: Readonly<Record<Word, string>> = {
  ...acts.zh,
  ...connection.zh,
  ...errors.zh,
  ...files.zh,
  ...mend.zh,
  ...notifications.zh,
  ...pages.zh,
  ...peace.zh,
  ...people.zh,
  ...polls.zh,
  ...present.zh,
  ...room.zh,
  ...search.zh,
  ...sending.zh,
  ...transports.zh,
  ...writing.zh,
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
