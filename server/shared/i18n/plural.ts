/** A text with a number in it, in the forms that a language has for numbers (CLDR). */
export type Plural = { readonly other: string } & {
  readonly [F in Intl.LDMLPluralRule]?: string;
};

const RULES = { en: new Intl.PluralRules('en'), zh: new Intl.PluralRules('zh') } as const;

/** The form for a count; what is no number takes `other`. */
export function plural(language: keyof typeof RULES, forms: Plural, count: number): string {
  return forms[RULES[language].select(count)] ?? forms.other;
}
