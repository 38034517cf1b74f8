import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import { type Language, languages } from '../words.ts';

/** The cookie that remembers what the language switch was set to. */
export const LANGUAGE_COOKIE = 'language';

export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text);
}

/** The language one asked for with the switch, else the one the browser prefers. */
export function languageOf(request: IncomingMessage): Language {
  const [, chosen] = /(?:^|;\s*)language=(\w+)/.exec(request.headers.cookie ?? '') ?? [];
  if (isLanguage(chosen)) return chosen;
  const preferred = accepts(request).languages([...languages]);
  return isLanguage(preferred) ? preferred : 'en';
}
