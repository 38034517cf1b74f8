import type { Context } from 'koa';
import type Router from 'koa-router';
import type { Browsers } from '../../auth/browsers.ts';
import { isSame } from '../../auth/constant-time-equal.ts';
import { type People, tokenOf } from '../../auth/identity.ts';
import { parseName } from '../../auth/name.ts';
import { nameSkeleton } from '../../auth/name-skeleton.ts';
import type { Attempt, PasswordAttempts, Secret } from '../../auth/password-attempts.ts';
import { readPassphrase } from '../../auth/password-hasher.ts';
import type { Sessions } from '../../auth/sessions.ts';
import type { Person } from '../../auth/user.ts';
import { Refusal } from '../../core/errors.ts';
import { readFields } from '../../http/request/body.ts';
import {
  backTo,
  forget,
  lead,
  remember,
  rememberBrowser,
  signedIn,
  text,
} from '../../http/respond.ts';

interface Parts {
  readonly people: People;
  readonly sessions: Sessions;
  readonly browsers: Browsers;
  readonly attempts: PasswordAttempts;
  /** What makes a moderator of whoever knows it; without one, nobody is. */
  readonly moderatorKey: string | undefined;
}

/** Taking a name, keeping it, and leaving it. */
export function sessionPages(router: Router, parts: Parts): void {
  const { people, sessions, browsers, attempts, moderatorKey } = parts;

  router.get('/sign-in', (ctx) => showSignIn(ctx));

  /** Takes a name: `name`, and a `passphrase` where it is kept or to be kept with one. */
  router.post('/session', async (ctx) => {
    const fields = await readFields(ctx.req);
    await refusingTo(ctx, fields, async () => {
      const name = parseName(text(fields, 'name'));
      const given = text(fields, 'passphrase');
      const passphrase = given === '' ? null : readPassphrase(given);
      const before = await people.find(ctx.req, undefined);
      const isOwn = before?.name && nameSkeleton(before.name) === nameSkeleton(name);
      const begun = await sessions.signIn(name, passphrase, (account) =>
        beginAttempt(ctx, `account ${account}`, isOwn ? before.session : null),
      );
      // One browser is one person: who it was before is left.
      if (before?.session) await sessions.signOut(before.session).catch(() => undefined);
      remember(ctx, browsers, begun);
      ctx.status = 201;
      const { uid, isKept } = begun.session;
      lead(ctx, backTo(text(fields, 'next')), { uid, name: begun.session.name, isKept });
    });
  });

  router.post('/session/end', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { session } = await withSession(ctx);
    await sessions.signOut(session);
    forget(ctx);
    lead(ctx, backTo(text(fields, 'next')), {});
  });

  /** Keeps the name with a passphrase, or with another: all other sessions of the name end. */
  router.post('/session/passphrase', async (ctx) => {
    const fields = await readFields(ctx.req);
    await refusingTo(ctx, fields, async () => {
      const { session } = await withSession(ctx);
      const passphrase = readPassphrase(text(fields, 'passphrase'));
      remember(ctx, browsers, await sessions.rekey(session, passphrase));
      lead(ctx, backTo(text(fields, 'next')), {});
    });
  });

  /** Makes a moderator of whoever knows the server's key. */
  router.post('/session/moderator', async (ctx) => {
    const fields = await readFields(ctx.req);
    await refusingTo(ctx, fields, async () => {
      const { session } = await withSession(ctx);
      const attempt = beginAttempt(ctx, 'moderator');
      if (moderatorKey === undefined || !isSame(text(fields, 'key'), moderatorKey)) {
        throw new Refusal('wrong-key');
      }
      attempt.succeed();
      rememberBrowser(ctx, browsers, 'moderator');
      await sessions.moderate(session);
      lead(ctx, backTo(text(fields, 'next')), {});
    });
  });

  async function withSession(ctx: Context): Promise<Person & { readonly session: string }> {
    const person = await people.find(ctx.req, undefined);
    if (!person?.session) throw new Refusal('signed-out');
    return { ...person, session: person.session };
  }

  function beginAttempt(ctx: Context, secret: Secret, session: string | null = null): Attempt {
    return attempts.begin(secret, ctx.req, people.address(ctx.req), session);
  }

  /** Where a form is refused, it is shown again, and why. */
  async function refusingTo(ctx: Context, fields: unknown, attempt: () => Promise<void>) {
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof Refusal) || ctx.accepts('json', 'html') !== 'html') throw error;
      ctx.status = error.status;
      if (error.retryS) ctx.set('Retry-After', `${error.retryS}`);
      await showSignIn(ctx, fields, ctx.state.say(error.code, error.details));
    }
  }

  async function showSignIn(ctx: Context, fields: unknown = ctx.query, notice = ''): Promise<void> {
    ctx.set('Cache-Control', 'no-store');
    rememberBrowser(ctx, browsers);
    const person = await people.find(ctx.req, tokenOf(ctx.req));
    await ctx.render('sign-in', {
      person: signedIn(person),
      name: text(fields, 'name'),
      next: backTo(text(fields, 'next')),
      notice,
    });
  }
}
