import type { Middleware } from 'koa';
import { isLanguage, LANGUAGE_COOKIE, languageOf } from '../edge/language.ts';
import { type Language, languages, say, type Word } from '../words.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** What every page's template has: its language, its words, and the way to the other languages. */
export interface Worded {
  language: Language;
  languages: readonly Language[];
  say(word: Word, values?: Readonly<Record<string, string | number>>): string;
  nameOf(language: Language): string;
}

/** Words the pages; `?language=zh` on any of them chooses, and is remembered. */
export const language: Middleware<Worded> = (ctx, next) => {
  const { language: chosen } = ctx.query;
  if (ctx.method === 'GET' && isLanguage(chosen)) {
    ctx.cookies.set(LANGUAGE_COOKIE, chosen, { maxAge: YEAR_MS, sameSite: 'lax' });
    // One slash: `//elsewhere` would lead to another server.
    return ctx.redirect(ctx.path.replace(/^[/\\]+/, '/'));
  }
  const spoken = languageOf(ctx.req);
  ctx.vary('Accept-Language');
  ctx.vary('Cookie');
  ctx.state.language = spoken;
  ctx.state.languages = languages;
  ctx.state.say = (word, values) => say(spoken, word, values);
  ctx.state.nameOf = (other) => say(other, 'language');
  return next();
};
