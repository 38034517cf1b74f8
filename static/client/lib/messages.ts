import { type Language, type MessageKey, t as translate } from '../../../server/shared/i18n.ts';

/** The page's language: what the server chose when it rendered the page. */
export const language = document.documentElement.lang as Language;

export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  return translate(language, key, values);
}
