import { administration } from './i18n/administration.ts';
import { attachments } from './i18n/attachments.ts';
import { cluster } from './i18n/cluster.ts';
import { confirmations } from './i18n/confirmations.ts';
import { connection } from './i18n/connection.ts';
import type { Text } from './i18n/define-messages.ts';
import { erasure } from './i18n/erasure.ts';
import { errors } from './i18n/errors.ts';
import { formatText, type Values } from './i18n/format-text.ts';
import { messages } from './i18n/messages.ts';
import { moderation } from './i18n/moderation.ts';
import { notifications } from './i18n/notifications.ts';
import { pages } from './i18n/pages.ts';
import { people } from './i18n/people.ts';
import { polls } from './i18n/polls.ts';
import { projector } from './i18n/projector.ts';
import { reports } from './i18n/reports.ts';
import { room } from './i18n/room.ts';
import { search } from './i18n/search.ts';
import { sending } from './i18n/sending.ts';
import { systemMessages } from './i18n/system-messages.ts';
import { transports } from './i18n/transports.ts';
import { writing } from './i18n/writing.ts';
import { oncePer } from './once-per.ts';

/** All texts of the user interface, in every language. */
const en = {
  ...administration.en,
  ...systemMessages.en,
  ...cluster.en,
  ...confirmations.en,
  ...connection.en,
  ...erasure.en,
  ...errors.en,
  ...attachments.en,
  ...messages.en,
  ...notifications.en,
  ...pages.en,
  ...moderation.en,
  ...people.en,
  ...polls.en,
  ...projector.en,
  ...reports.en,
  ...room.en,
  ...search.en,
  ...sending.en,
  ...transports.en,
  ...writing.en,
} as const;

export type MessageKey = keyof typeof en;

const zh: Readonly<Record<MessageKey, Text>> = {
  ...administration.zh,
  ...systemMessages.zh,
  ...cluster.zh,
  ...confirmations.zh,
  ...connection.zh,
  ...erasure.zh,
  ...errors.zh,
  ...attachments.zh,
  ...messages.zh,
  ...notifications.zh,
  ...pages.zh,
  ...moderation.zh,
  ...people.zh,
  ...polls.zh,
  ...projector.zh,
  ...reports.zh,
  ...room.zh,
  ...search.zh,
  ...sending.zh,
  ...transports.zh,
  ...writing.zh,
};

const catalogue = { en, zh } as const;

export type Language = keyof typeof catalogue;
export const languages = Object.keys(catalogue) as readonly Language[];

export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text);
}

export function messagesFor(language: Language): Readonly<Record<MessageKey, Text>> {
  return catalogue[language];
}

/** Translates a key and fills in its values; `count` selects the plural form. */
export function t(language: Language, word: MessageKey, values: Values = {}): string {
  return formatText(language, messagesFor(language)[word], values);
}

/** Translates into one language. */
export type Translate = (word: MessageKey, values?: Values) => string;

export const translator = oncePer(
  (language: Language): Translate =>
    (word, values) =>
      t(language, word, values),
);
