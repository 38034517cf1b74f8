import type { Plural } from './plural.ts';

/** What a key stands for in a language. */
export type Text = string | Plural;

/** Texts in both languages: a key of one is a key of the other. `{name}` stands for a value. */
export function defineMessages<W extends string>(
  en: Readonly<Record<W, Text>>,
  zh: Readonly<Record<NoInfer<W>, Text>>,
) {
  return { en, zh };
}
