import type { Context } from 'koa';
import type { Visitor, Visitors } from './visitor.ts';

const COOKIE = 'visitor';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * Who makes a request: the visitor of its bearer token (RFC 6750, section 2.1), as a page's script
 * sends it for its tab; else that of the browser's cookie, which is set where there is none.
 */
export function identify(ctx: Context, visitors: Visitors): Visitor {
  const [, bearer] = /^Bearer (\S+)$/i.exec(ctx.get('Authorization')) ?? [];
  if (bearer !== undefined) return visitors.admit(bearer);
  const known = ctx.cookies.get(COOKIE);
  const visitor = visitors.admit(known);
  if (visitor.token !== known) {
    ctx.cookies.set(COOKIE, visitor.token, { maxAge: YEAR_MS, sameSite: 'lax' });
  }
  return visitor;
}
