import type { Context, Middleware } from 'koa';
import { type Language, languages, type MessageKey, t } from '../shared/i18n.ts';
import { setCookie } from './cookies.ts';
import { isLanguage, LANGUAGE_COOKIE, languageOf } from './request/language.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** What every page's template has: its language, its texts, and links to the other languages. */
export interface LocalizedState {
  language: Language;
  languages: readonly Language[];
  t(word: MessageKey, values?: Readonly<Record<string, string | number>>): string;
  nameOf(language: Language): string;
  /** The same page in another language; after a form it is the form's page, `here`. */
  linkTo(language: Language, here?: string): string;
}

/** Localizes the pages; `?language=zh` on any of them sets the language, which is remembered. */
export const language: Middleware<LocalizedState> = (ctx, next) => {
  const { language: chosen } = ctx.query;
  if (ctx.method === 'GET' && isLanguage(chosen)) {
    setCookie(ctx, LANGUAGE_COOKIE, chosen, YEAR_MS);
    // One slash: `//elsewhere` would lead to another server.
    const path = ctx.path.replace(/^[/\\]+/, '/');
    return ctx.redirect(path + queryOf(ctx.querystring));
  }
  const spoken = languageOf(ctx.req);
  ctx.vary('Accept-Language');
  ctx.vary('Cookie');
  ctx.state.language = spoken;
  ctx.state.languages = languages;
  ctx.state.t = (word, values) => t(spoken, word, values);
  ctx.state.nameOf = (other) => t(other, 'language');
  ctx.state.linkTo = (other, here) => linkTo(ctx, other, here);
  return next();
};

function linkTo(ctx: Context, other: Language, here = '/'): string {
  if (ctx.method === 'GET') return queryOf(ctx.querystring, other);
  const [path, query] = here.split('?');
  return path + queryOf(query, other);
}

/** A query with this language in it, or without any. */
function queryOf(query = '', chosen?: Language): string {
  const others = [...new URLSearchParams(query)].filter(([name]) => name !== 'language');
  const search = new URLSearchParams(chosen ? [...others, ['language', chosen]] : others);
  return search.size === 0 ? '' : `?${search}`;
}
