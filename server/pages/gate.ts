import type { Middleware } from 'koa';
import type Router from 'koa-router';
import type { Backoff } from '../edge/backoff.ts';
import { readFields } from '../edge/body.ts';
import { Refusal } from '../errors.ts';
import { type Doors, SERVER_PASS } from '../people/doors.ts';
import type { People } from '../people/people.ts';
import { backTo, lead, text } from './guest.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Lets those pass who have said the word of the server, where it has one. */
export function gate(doors: Doors): Middleware {
  return (ctx, next) => {
    // What is shown depends on who asks: nothing between may keep it, and nothing is shown unasked.
    ctx.set('Cache-Control', 'private, no-cache');
    if (doors.admits(ctx.req) || ctx.path === '/enter') return next();
    throw new Refusal('needs-passcode', { next: ctx.method === 'GET' ? ctx.url : '/' });
  };
}

/** Where the word of the server is said. */
export function gatePages(
  router: Router,
  { doors, people, guesses }: { doors: Doors; people: People; guesses: Backoff },
): void {
  router.post('/enter', async (ctx) => {
    const key = `${people.address(ctx.req)} server`;
    const count = guesses.waitS(key);
    if (count > 0) throw new Refusal('too-many-guesses', { count });
    const fields = await readFields(ctx.req);
    const next = backTo(text(fields, 'next'));
    if (!doors.isPasscode(text(fields, 'word'))) {
      guesses.fail(key);
      throw new Refusal('wrong-passcode', { next });
    }
    guesses.succeed(key);
    ctx.cookies.set(SERVER_PASS, doors.serverPass(), { maxAge: YEAR_MS, sameSite: 'lax' });
    lead(ctx, next, {});
  });
}
