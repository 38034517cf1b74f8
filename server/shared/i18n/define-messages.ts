/** Words in both languages: a word of the one is a word of the other. `{name}` stands for a value. */
export function defineMessages<W extends string>(
  en: Readonly<Record<W, string>>,
  zh: Readonly<Record<NoInfer<W>, string>>,
) {
  return { en, zh };
}
