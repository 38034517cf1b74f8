import type { Context } from 'koa';
import { BROWSER_COOKIE, type BrowserCookies } from '../auth/browsers.ts';
import { GUEST_COOKIE, type Identity, SESSION_COOKIE, tokenOf } from '../auth/identity.ts';
import type { Secret } from '../auth/password-attempts.ts';
import type { NewSession } from '../auth/sessions.ts';
import type { User } from '../auth/user.ts';
import { SESSION_TTL_MS } from '../features/accounts/session.ts';
import type { TextType } from '../features/messages/fragment.ts';
import { deleteCookie, setCookie } from './cookies.ts';
import { wantsJson } from './request/query.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Who makes a request. A browser that has no identity yet is given one, as a cookie. */
export async function ensureIdentity(ctx: Context, identity: Identity): Promise<User> {
  const token = tokenOf(ctx.req);
  const user = await identity.authenticateOrCreate(ctx.req, token);
  const isNew = user.token !== token;
  if (isNew && user.token !== null) setCookie(ctx, GUEST_COOKIE, user.token, YEAR_MS);
  return user;
}

/** Signs a browser in; one that has given a passphrase is remembered to know it. */
export function setSessionCookie(ctx: Context, browsers: BrowserCookies, begun: NewSession): void {
  setCookie(ctx, SESSION_COOKIE, begun.cookie, SESSION_TTL_MS);
  if (begun.session.isKept) rememberBrowser(ctx, browsers, `account ${begun.account}`);
}

export function clearSessionCookie(ctx: Context): void {
  deleteCookie(ctx, SESSION_COOKIE);
}

/** The longest path that a form leads back to: that of a search in Chinese has some 2,500. */
const MAX_PATH = 4_000;

/** Tells a browser apart, and remembers what it has just known, if it has. */
export function rememberBrowser(ctx: Context, browsers: BrowserCookies, known?: Secret): void {
  const before = browsers.find(ctx.req);
  const browser = before ?? browsers.issue();
  const after = known === undefined ? browser : browsers.withProof(browser, known);
  if (after !== before) setCookie(ctx, BROWSER_COOKIE, browsers.cookie(after), YEAR_MS);
}

/** Where a form wants to lead back to, if that is a page of this server; another page otherwise. */
export function safeRedirect(path: string, otherwise = '/'): string {
  if (path.length > MAX_PATH) return otherwise;
  // `//elsewhere` and `/\elsewhere` would lead to another server.
  return /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : otherwise;
}

/** Where one goes on who gave a password: in a frame it is said there that it was right. */
export function afterPassword(ctx: Context, path: string): string {
  if (ctx.query.embed === undefined || /[?&]entered\b/.test(path)) return path;
  return `${path}${path.includes('?') ? '&' : '?'}entered`;
}

/** Answers a form by leading on, and a program with JSON. */
export function redirectOrJson(ctx: Context, path: string, answer: object): void {
  if (ctx.accepts('json', 'html') === 'html') {
    ctx.redirect(path);
    ctx.status = 303;
    return;
  }
  ctx.body = answer;
}

/** In what form a request wants an answer that is there in both: in fragments, or as JSON. */
export function typeFor(ctx: Context): TextType {
  return wantsJson(ctx.req) ? 'json' : 'html';
}

/** Answers what changes from moment to moment, in the form that is asked for. */
export function respond(ctx: Context, body: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.vary('Accept');
  ctx.type = typeFor(ctx);
  ctx.body = body;
}

/** Somebody who is signed in, as the templates know them. */
export function signedIn(user: User | undefined): User | undefined {
  return user?.session ? user : undefined;
}

/** A text among the fields of a form or of JSON; an empty one where there is none. */
export function stringField(fields: unknown, name: string): string {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return '';
  const value = (fields as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : '';
}
