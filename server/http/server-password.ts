import type { Middleware } from 'koa';
import type Router from 'koa-router';
import { type AccessPasses, SERVER_PASS } from '../auth/access-passes.ts';
import type { BrowserCookies } from '../auth/browsers.ts';
import type { Identity } from '../auth/identity.ts';
import { setCookie, YEAR_MS } from './cookies.ts';
import { readFields } from './request/body.ts';
import {
  afterPassword,
  redirectOrJson,
  rememberBrowser,
  safeRedirect,
  stringField,
} from './respond.ts';

interface ServerPasswordParts {
  readonly browsers: BrowserCookies;
  readonly accessPasses: AccessPasses;
  readonly identity: Identity;
}

/** Requires the server password, where there is one. */
export function serverPasswordGuard({ accessPasses, identity }: ServerPasswordParts): Middleware {
  return (ctx, next) => {
    // The response depends on the user: no shared cache may store it, and browsers revalidate it.
    ctx.set('Cache-Control', 'private, no-cache');
    const page = ctx.method === 'GET' ? ctx.url : '/';
    if (ctx.path !== '/password')
      accessPasses.requireServerAccess(ctx.req, identity.address(ctx.req), page);
    return next();
  };
}

/** Where the server password is submitted. */
export function serverPasswordRoutes(
  router: Router,
  { browsers, accessPasses, identity }: ServerPasswordParts,
): void {
  router.post('/password', async (ctx) => {
    const fields = await readFields(ctx.req);
    const next = safeRedirect(stringField(fields, 'next'));
    accessPasses.submitServerPassword(
      stringField(fields, 'password'),
      ctx.req,
      identity.address(ctx.req),
      next,
    );
    setCookie(ctx, SERVER_PASS, accessPasses.issueServerPass(), YEAR_MS);
    rememberBrowser(ctx, browsers, 'server');
    redirectOrJson(ctx, afterPassword(ctx, next), {});
  });
}
