import type { Context } from 'koa';
import type Router from 'koa-router';
import type { BrowserCookies } from '../../auth/browsers.ts';
import { constantTimeEqual } from '../../auth/constant-time-equal.ts';
import type { Guest } from '../../auth/guest-tokens.ts';
import type { Guests } from '../../auth/guests.ts';
import { GUEST_COOKIE, type Identity, tokenOf } from '../../auth/identity.ts';
import { parseName } from '../../auth/name.ts';
import { nameSkeleton } from '../../auth/name-skeleton.ts';
import type { Attempt, PasswordAttempts, Secret } from '../../auth/password-attempts.ts';
import { parsePassword } from '../../auth/password-hasher.ts';
import type { Sessions } from '../../auth/sessions.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { deleteCookie } from '../../http/cookies.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { readCookie } from '../../http/request/cookies.ts';
import {
  clearSessionCookie,
  redirectOrJson,
  rememberBrowser,
  safeRedirect,
  setSessionCookie,
  signedIn,
  stringField,
} from '../../http/respond.ts';

interface Parts {
  readonly identity: Identity;
  readonly guests: Guests;
  readonly sessions: Sessions;
  readonly browsers: BrowserCookies;
  readonly attempts: PasswordAttempts;
  /** The key that makes a user a moderator; without it, nobody can become one. */
  readonly moderatorKey: string | undefined;
}

/** Signing in and out, and passwords of names. */
export function accountRoutes(router: Router, parts: Parts): void {
  const { identity, guests, sessions, browsers, attempts, moderatorKey } = parts;

  router.get('/sign-in', (ctx) => showSignIn(ctx));

  /**
   * Signs in with `name`, and with `password` if the name has a password or is to get one. The guest
   * of the token `guest`, of the bearer token or of the browser becomes the user.
   */
  router.post('/session', async (ctx) => {
    const fields = await readFields(ctx.req);
    await refusingTo(ctx, fields, async () => {
      const name = parseName(stringField(fields, 'name'));
      const given = stringField(fields, 'password');
      const password = given === '' ? null : parsePassword(given);
      const before = await identity.authenticate(ctx.req, undefined);
      const isOwn = before?.name && nameSkeleton(before.name) === nameSkeleton(name);
      const guest = await guestOf(ctx, stringField(fields, 'guest'));
      const begin = (account: string) =>
        beginAttempt(ctx, `account ${account}`, isOwn ? before.session : null);
      const begun = await sessions.signIn(name, password, begin, guest?.uid);
      // One browser has one user: the session before is ended.
      if (before?.session) await sessions.signOut(before.session).catch(() => undefined);
      setSessionCookie(ctx, browsers, begun);
      if (guest && guest.token === readCookie(ctx.req, GUEST_COOKIE)) {
        deleteCookie(ctx, GUEST_COOKIE);
      }
      ctx.status = 201;
      const { uid, isKept } = begun.session;
      redirectOrJson(ctx, safeRedirect(stringField(fields, 'next')), {
        uid,
        name: begun.session.name,
        isKept,
      });
    });
  });

  router.post('/session/end', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { session } = await withSession(ctx);
    await sessions.signOut(session);
    clearSessionCookie(ctx);
    redirectOrJson(ctx, safeRedirect(stringField(fields, 'next')), {});
  });

  /** Sets or changes the password of the name; all other sessions of the name end. */
  router.post('/session/password', async (ctx) => {
    const fields = await readFields(ctx.req);
    await refusingTo(ctx, fields, async () => {
      const { session } = await withSession(ctx);
      const password = parsePassword(stringField(fields, 'password'));
      setSessionCookie(ctx, browsers, await sessions.changePassword(session, password));
      redirectOrJson(ctx, safeRedirect(stringField(fields, 'next')), {});
    });
  });

  /** Makes a user who knows the server's key a moderator. */
  router.post('/session/moderator', async (ctx) => {
    const fields = await readFields(ctx.req);
    await refusingTo(ctx, fields, async () => {
      const { session } = await withSession(ctx);
      const attempt = beginAttempt(ctx, 'moderator');
      if (
        moderatorKey === undefined ||
        !constantTimeEqual(stringField(fields, 'key'), moderatorKey)
      ) {
        throw new ChatError('wrong-moderator-key');
      }
      attempt.succeed();
      rememberBrowser(ctx, browsers, 'moderator');
      await sessions.grantModerator(session);
      redirectOrJson(ctx, safeRedirect(stringField(fields, 'next')), {});
    });
  });

  async function withSession(ctx: Context): Promise<User & { readonly session: string }> {
    const user = await identity.authenticate(ctx.req, undefined);
    if (!user?.session) throw new ChatError('session-expired');
    return { ...user, session: user.session };
  }

  /** Who signs in, if they were a guest: a page sends the token of its tab, which has its own. */
  async function guestOf(ctx: Context, token: string): Promise<Guest | undefined> {
    const shown = token === '' ? tokenOf(ctx.req) : token;
    return shown === undefined ? undefined : guests.find(shown);
  }

  function beginAttempt(ctx: Context, secret: Secret, session: string | null = null): Attempt {
    return attempts.begin(secret, ctx.req, identity.address(ctx.req), session);
  }

  /** Shows a form again with the error if it is rejected. */
  async function refusingTo(ctx: Context, fields: unknown, attempt: () => Promise<void>) {
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof ChatError) || acceptedFormat(ctx.req) !== 'html') throw error;
      ctx.status = error.status;
      if (error.retryAfterSeconds) ctx.set('Retry-After', `${error.retryAfterSeconds}`);
      await showSignIn(ctx, fields, ctx.state.t(error.code, error.details));
    }
  }

  async function showSignIn(ctx: Context, fields: unknown = ctx.query, notice = ''): Promise<void> {
    ctx.set('Cache-Control', 'no-store');
    rememberBrowser(ctx, browsers);
    const user = await identity.authenticate(ctx.req, tokenOf(ctx.req));
    await ctx.render('sign-in', {
      person: signedIn(user),
      hasPassword: await sessions.isKept(user?.session),
      name: stringField(fields, 'name'),
      next: safeRedirect(stringField(fields, 'next')),
      notice,
    });
  }
}
