import type { RefusalCode } from '../core/errors.ts';
import { files } from './i18n/attachments.ts';
import { connection } from './i18n/connection.ts';
import { errors } from './i18n/errors.ts';
import { mend } from './i18n/messages.ts';
import { peace } from './i18n/moderation.ts';
import { notifications } from './i18n/notifications.ts';
import { pages } from './i18n/pages.ts';
import { people } from './i18n/people.ts';
import { polls } from './i18n/polls.ts';
import { present } from './i18n/projector.ts';
import { room } from './i18n/room.ts';
import { search } from './i18n/search.ts';
import { sending } from './i18n/sending.ts';
import { acts } from './i18n/system-messages.ts';
import { transports } from './i18n/transports.ts';
import { writing } from './i18n/writing.ts';

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
