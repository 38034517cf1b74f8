import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import { type Language, languages } from '../../shared/i18n.ts';
import { readCookie } from './cookies.ts';

/** The cookie that remembers the language that was chosen. */
export const LANGUAGE_COOKIE = 'language';

export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text);
}

/** The language that was chosen, else the one that the browser prefers. */
export function languageOf(request: IncomingMessage): Language {
  const chosen = readCookie(request, LANGUAGE_COOKIE);
  if (isLanguage(chosen)) return chosen;
  const preferred = accepts(request).languages([...languages]);
  return isLanguage(preferred) ? preferred : 'en';
}
