import { type Language, languages, type MessageKey, t } from '../../shared/i18n.ts';

/** A name as text among other text: whatever its direction, it stays in its place (UAX 9). */
const ISOLATE = { first: '\u2068', last: '\u2069' } as const;

/** What a visitor without a name is told by. */
export function shortUid(uid: string): string {
  return uid.slice(0, 6);
}

/** How many colours the people share; chat.css has a rule for each. */
const HUES = 12;

export function hueOf(uid: string): number {
  return Number.parseInt(uid.slice(0, 4), 16) % HUES;
}

export function isolate(text: string): string {
  return ISOLATE.first + text + ISOLATE.last;
}

/** How somebody is called in a sentence. */
export function displayName(
  language: Language,
  { uid, name }: { readonly uid: string; readonly name: string | null },
): string {
  const called = name ?? `${t(language, 'visitor')} ${shortUid(uid)}`;
  return isolate(called);
}

/**
 * A word as markup, for what everybody gets alike: in each language, and the page shows its own.
 * @param values numbers alone: nothing is escaped
 */
export function allLanguages(word: MessageKey, values?: Readonly<Record<string, number>>): string {
  return languages.map((l) => `<span lang="${l}">${t(l, word, values)}</span>`).join('');
}
