import { type Language, languages, type MessageKey, t } from '../../shared/i18n.ts';

/** Isolates a name in other text, whatever its direction (UAX 9). */
const ISOLATE = { first: '\u2068', last: '\u2069' } as const;

/** What tells guests apart. */
export function shortUid(uid: string): string {
  return uid.slice(0, 6);
}

/** The number of user colours; chat.css has a rule for each. */
const HUES = 12;

export function hueOf(uid: string): number {
  return Number.parseInt(uid.slice(0, 4), 16) % HUES;
}

export function isolate(text: string): string {
  return ISOLATE.first + text + ISOLATE.last;
}

/** The name of a user in a sentence. */
export function displayName(
  language: Language,
  { uid, name }: { readonly uid: string; readonly name: string | null },
): string {
  const called = name ?? `${t(language, 'guest')} ${shortUid(uid)}`;
  return isolate(called);
}

/**
 * A text as HTML in all languages, for what is sent to everybody; the page shows its own.
 * @param values numbers only: nothing is escaped
 */
export function allLanguages(word: MessageKey, values?: Readonly<Record<string, number>>): string {
  return languages.map((l) => `<span lang="${l}">${t(l, word, values)}</span>`).join('');
}
