import type { Context, Middleware } from 'koa';
import {
  isLanguage,
  type Language,
  languages,
  type Translate,
  t,
  translator,
} from '../shared/i18n.ts';
import { setCookie, YEAR_MS } from './cookies.ts';
import { LANGUAGE_COOKIE, LANGUAGE_HEADERS, languageOf } from './request/language.ts';

/** What every page's template has: its language, its texts, and links to the other languages. */
export interface LocalizedState {
  language: Language;
  languages: readonly Language[];
  t: Translate;
  nameOf(language: Language): string;
  /** The same page in another language; after a form it is the form's page, `here`. */
  linkTo(language: Language, here?: string): string;
}

/**
 * Localizes the pages; `?language=zh` on any of them sets the language, which is remembered.
 * @param fallback the language of clients that prefer none of ours
 */
export function localize(fallback: Language): Middleware<LocalizedState> {
  return (ctx, next) => {
    const { language: chosen } = ctx.query;
    if (ctx.method === 'GET' && isLanguage(chosen)) {
      setLanguage(ctx, chosen);
      // One slash: `//elsewhere` would lead to another server.
      const path = ctx.path.replace(/^[/\\]+/, '/');
      return ctx.redirect(path + queryOf(ctx.querystring));
    }
    const language = languageOf(ctx.req, fallback);
    ctx.vary([...LANGUAGE_HEADERS]);
    ctx.state.language = language;
    ctx.state.languages = languages;
    ctx.state.t = translator(language);
    ctx.state.nameOf = (other) => t(other, 'language');
    ctx.state.linkTo = (other, here) => linkTo(ctx, other, here);
    return next();
  };
}

/** Remembers the language that was chosen. */
export function setLanguage(ctx: Context, language: Language): void {
  setCookie(ctx, LANGUAGE_COOKIE, language, YEAR_MS);
}

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
