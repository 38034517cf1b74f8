import type { Text } from '../../../server/shared/i18n/define-messages.ts';
import { formatText, type Values } from '../../../server/shared/i18n/format-text.ts';
import type { Language, MessageKey } from '../../../server/shared/i18n.ts';

/** The page's language: what the server chose when it rendered the page. */
export const language = document.documentElement.lang as Language;

/** The texts that the scripts of this page use: the server puts them into the page, see scripts.html. */
const texts: Readonly<Record<string, Text>> = JSON.parse(
  document.getElementById('texts')?.textContent ?? '{}',
);

export function t(key: MessageKey, values?: Values): string {
  return formatText(language, texts[key] ?? key, values);
}
