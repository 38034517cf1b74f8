import type { Plural } from './plural.ts';

/** The text of a key in one language. */
export type Text = string | Plural;

/** Defines texts in both languages, with the same keys. `{name}` is replaced by a value. */
export function defineMessages<W extends string>(
  en: Readonly<Record<W, Text>>,
  zh: Readonly<Record<NoInfer<W>, Text>>,
) {
  return { en, zh };
}
