import type { Context } from 'koa';
import { BROWSER_COOKIE, type BrowserCookies } from '../auth/browsers.ts';
import { GUEST_COOKIE, type Identity, SESSION_COOKIE, tokenOf } from '../auth/identity.ts';
import type { Secret } from '../auth/password-attempts.ts';
import { SESSION_TTL_MS } from '../auth/session.ts';
import type { NewSession } from '../auth/sessions.ts';
import type { User } from '../auth/user.ts';
import type { ChatError } from '../core/errors.ts';
import type { TextType } from '../core/fragment.ts';
import type { Language } from '../shared/i18n.ts';
import { deleteCookie, setCookie, YEAR_MS } from './cookies.ts';
import { acceptedFormat, wantsJson } from './request/accepted-format.ts';

/** Who makes a request. A browser without an identity is given one, as a cookie. */
export async function ensureIdentity(ctx: Context, identity: Identity): Promise<User> {
  const token = tokenOf(ctx.req);
  const user = await identity.authenticateOrCreate(ctx.req, token);
  const isNew = user.token !== token;
  if (isNew && user.token !== null) setCookie(ctx, GUEST_COOKIE, user.token, YEAR_MS);
  return user;
}

/** Signs a browser in; one that has given a password is remembered as knowing it. */
export function setSessionCookie(ctx: Context, browsers: BrowserCookies, begun: NewSession): void {
  setCookie(ctx, SESSION_COOKIE, begun.cookie, SESSION_TTL_MS);
  if (begun.session.isKept) rememberBrowser(ctx, browsers, `account ${begun.account}`);
}

export function clearSessionCookie(ctx: Context): void {
  deleteCookie(ctx, SESSION_COOKIE);
}

/** The longest path that a form may redirect to: that of a search in Chinese has some 2,500. */
const MAX_PATH = 4_000;

/** Identifies a browser, and remembers the secret it has just given, if any. */
export function rememberBrowser(ctx: Context, browsers: BrowserCookies, known?: Secret): void {
  const before = browsers.find(ctx.req);
  const browser = before ?? browsers.issue();
  const after = known === undefined ? browser : browsers.withProof(browser, known);
  if (after !== before) setCookie(ctx, BROWSER_COOKIE, browsers.cookie(after), YEAR_MS);
}

/** The path a form redirects to, if it is a page of this server; another page otherwise. */
export function safeRedirect(path: string, otherwise = '/'): string {
  if (path.length > MAX_PATH) return otherwise;
  // `//elsewhere` and `/\elsewhere` would lead to another server.
  return /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : otherwise;
}

/** Where to go after a password was given: in a frame, the page says that it was right. */
export function afterPassword(ctx: Context, path: string): string {
  if (ctx.query.embed === undefined || /[?&]entered\b/.test(path)) return path;
  return `${path}${path.includes('?') ? '&' : '?'}entered`;
}

/** Sets the status and the headers of a response that says an error. */
export function setErrorHeaders(ctx: Context, { status, retryAfterSeconds }: ChatError): void {
  ctx.status = status;
  if (retryAfterSeconds) ctx.set('Retry-After', `${retryAfterSeconds}`);
  ctx.set('Cache-Control', 'no-store');
}

/** Answers a form with a redirect, and a program with JSON. */
export function redirectOrJson(ctx: Context, path: string, answer: object): void {
  if (acceptedFormat(ctx.req) === 'html') {
    ctx.redirect(path);
    ctx.status = 303;
    return;
  }
  ctx.body = answer;
}

/** The language of the page: see language.ts. */
export function languageFor(ctx: Context): Language {
  return ctx.state.language;
}

/** The type of a response that exists as fragments and as JSON. */
export function typeFor(ctx: Context): TextType {
  return wantsJson(ctx.req) ? 'json' : languageFor(ctx);
}

/** Sends what must not be cached, in the type that is requested. */
export function respond(ctx: Context, body: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Accept');
  ctx.type = wantsJson(ctx.req) ? 'json' : 'html';
  ctx.body = body;
}

/** The user, if they are signed in, as the templates know them. */
export function signedIn(user: User | undefined): User | undefined {
  return user?.session ? user : undefined;
}

/** A text among the fields of a form or of JSON; empty where it is missing. */
export function stringField(fields: unknown, name: string): string {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return '';
  const value = (fields as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : '';
}
