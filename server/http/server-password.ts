import type { Middleware } from 'koa';
import type Router from 'koa-router';
import { type Doors, SERVER_PASS } from '../auth/access-passes.ts';
import type { Browsers } from '../auth/browsers.ts';
import type { People } from '../auth/identity.ts';
import { setCookie } from './cookies.ts';
import { readFields } from './request/body.ts';
import { afterPassword, backTo, lead, rememberBrowser, text } from './respond.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

interface GateParts {
  readonly browsers: Browsers;
  readonly doors: Doors;
  readonly people: People;
}

/** Lets those pass who have said the word of the server, where it has one. */
export function gate({ doors, people }: GateParts): Middleware {
  return (ctx, next) => {
    // What is shown depends on who asks: nothing between may keep it, and nothing is shown unasked.
    ctx.set('Cache-Control', 'private, no-cache');
    const page = ctx.method === 'GET' ? ctx.url : '/';
    if (ctx.path !== '/enter') doors.enter(ctx.req, people.address(ctx.req), page);
    return next();
  };
}

/** Where the word of the server is said. */
export function gatePages(router: Router, { browsers, doors, people }: GateParts): void {
  router.post('/enter', async (ctx) => {
    const fields = await readFields(ctx.req);
    const next = backTo(text(fields, 'next'));
    doors.say(text(fields, 'word'), ctx.req, people.address(ctx.req), next);
    setCookie(ctx, SERVER_PASS, doors.serverPass(), YEAR_MS);
    rememberBrowser(ctx, browsers, 'server');
    lead(ctx, afterPassword(ctx, next), {});
  });
}
