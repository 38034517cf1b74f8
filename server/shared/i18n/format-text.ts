import type { Text } from './define-messages.ts';
import { plural } from './plural.ts';

export type Values = Readonly<Record<string, string | number>>;

/** Fills in the values of a text; `count` selects the plural form. */
export function formatText(language: 'en' | 'zh', text: Text, values: Values = {}): string {
  const form = typeof text === 'string' ? text : plural(language, text, Number(values.count));
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}
