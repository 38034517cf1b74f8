import type { Context } from 'koa';
import { cookieName, cookiesOf } from './request/cookies.ts';

/** How long a browser keeps what it should not forget. */
export const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * Sets a cookie for the whole server, which no script can read and no other site sends with a form;
 * under TLS it is bound to this host.
 */
export function setCookie(ctx: Context, name: string, value: string, maxAge: number): void {
  ctx.cookies.set(cookieName(name, ctx.secure), value, { maxAge, ...siteOf(ctx) });
}

/**
 * To which sites a cookie is sent. A frame of another site gets no `Lax` cookie back: in one, it is
 * partitioned for the pages of that site (CHIPS), which requires TLS.
 */
function siteOf({ query, secure }: Context) {
  const isFramed = query.embed !== undefined && secure;
  if (!isFramed) return { sameSite: 'lax' } as const;
  return { sameSite: 'none', secure: true, partitioned: true } as const;
}

/** Deletes a cookie, whatever it was called when it was set. */
export function deleteCookie(ctx: Context, name: string): void {
  const names = [cookieName(name, ctx.secure), name];
  for (const one of new Set(names)) ctx.cookies.set(one, null, siteOf(ctx));
}

/** Cookies of one kind, limited in number: all are sent with each request. */
interface Group {
  /** The prefix of their names. */
  readonly start: string;
  readonly most: number;
}

/** Sets a cookie of a group; the oldest one makes room. */
export function setCookieOf(
  ctx: Context,
  { start, most }: Group,
  id: string,
  value: string,
  maxAge: number,
): void {
  const added = cookieName(start + id, ctx.secure);
  const names = cookiesOf(ctx.req).map(([name]) => name);
  const others = names.filter(
    (name) => name.startsWith(cookieName(start, ctx.secure)) && name !== added,
  );
  for (const name of others.slice(0, 1 - most)) ctx.cookies.set(name, null, siteOf(ctx));
  setCookie(ctx, start + id, value, maxAge);
}
