/** A text with a number in it, in the plural forms of a language (CLDR). */
export type Plural = { readonly other: string } & {
  readonly [F in Intl.LDMLPluralRule]?: string;
};

const RULES = { en: new Intl.PluralRules('en'), zh: new Intl.PluralRules('zh') } as const;

/** The plural form for a count; `other` if it isn't a number. */
export function plural(language: keyof typeof RULES, forms: Plural, count: number): string {
  return forms[RULES[language].select(count)] ?? forms.other;
}
