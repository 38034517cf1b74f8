import type { Context } from 'koa';
import { cookieName, cookiesOf } from './request/cookies.ts';

/**
 * Gives a browser a cookie for all of the server, which no script can read and no other site sends
 * with a form; under TLS it is this host's alone.
 */
export function setCookie(ctx: Context, name: string, value: string, maxAge: number): void {
  ctx.cookies.set(cookieName(name, ctx.secure), value, { maxAge, ...siteOf(ctx) });
}

/**
 * To which sites a cookie goes. A frame of another site gets no `Lax` cookie back: in one, it is kept for
 * the pages of that site alone (CHIPS), which takes TLS.
 */
function siteOf({ query, secure }: Context) {
  const isFramed = query.embed !== undefined && secure;
  if (!isFramed) return { sameSite: 'lax' } as const;
  return { sameSite: 'none', secure: true, partitioned: true } as const;
}

/** Takes a cookie away from a browser, whatever it was called when it was set. */
export function deleteCookie(ctx: Context, name: string): void {
  const names = [cookieName(name, ctx.secure), name];
  for (const one of new Set(names)) ctx.cookies.set(one, null, siteOf(ctx));
}

/** Cookies of one kind, of which a browser has at most so many: all go with each request. */
interface Group {
  /** What their names begin with. */
  readonly start: string;
  readonly most: number;
}

/** Gives a browser a cookie of a group; the one it has had for longest makes room. */
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
