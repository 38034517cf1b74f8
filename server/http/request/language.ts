import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import { isLanguage, type Language, languages } from '../../shared/i18n.ts';
import { readCookie } from './cookies.ts';
import { queryText } from './query.ts';

/** The cookie that remembers the language that was chosen. */
export const LANGUAGE_COOKIE = 'language';

/** A parameter, found without parsing the query: a query that is rejected is answered in words. */
const LANG = /(?:^|&)lang=(\w+)(?=&|$)/;

/** The request headers that select the language of a response. */
export const LANGUAGE_HEADERS = ['Accept-Language', 'Cookie'] as const;

/**
 * The language of the response to a request: the one in its query (`lang=zh`), else the one that
 * the browser remembers, else the one that it prefers.
 * @param fallback the language of clients that prefer none of ours
 */
export function languageOf(request: IncomingMessage, fallback: Language): Language {
  const [, requested] = LANG.exec(queryText(request.url ?? '')) ?? [];
  const chosen = [requested, readCookie(request, LANGUAGE_COOKIE)].find(isLanguage);
  if (chosen) return chosen;
  // Where the client does not care, the first is taken.
  const preferred = accepts(request).languages([fallback, ...languages]);
  return isLanguage(preferred) ? preferred : fallback;
}
