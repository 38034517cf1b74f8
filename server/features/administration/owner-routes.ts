import type { Context } from 'koa';
import type Router from 'koa-router';
import type { BrowserCookies } from '../../auth/browsers.ts';
import type { Identity } from '../../auth/identity.ts';
import { parseName } from '../../auth/name.ts';
import type { PasswordAttempts } from '../../auth/password-attempts.ts';
import { parsePassword } from '../../auth/password-hasher.ts';
import type { Session } from '../../auth/session.ts';
import type { Sessions } from '../../auth/sessions.ts';
import { ChatError } from '../../core/errors.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import {
  redirectOrJson,
  rememberBrowser,
  setErrorHeaders,
  setSessionCookie,
  stringField,
} from '../../http/respond.ts';
import type { ChatLog } from '../change.ts';
import type { OwnerLinks } from './owner-links.ts';

export interface OwnerParts {
  readonly identity: Identity;
  readonly sessions: Sessions;
  readonly browsers: BrowserCookies;
  readonly attempts: PasswordAttempts;
  readonly log: ChatLog;
  readonly ownerLinks: OwnerLinks;
  /** The uid of the owner; `null` where there is none. */
  readonly serverOwner: () => Promise<string | null>;
}

/** Becoming the owner of the server, by its link. */
export function ownerRoutes(router: Router, parts: OwnerParts): void {
  const { identity, sessions, browsers, attempts, log, ownerLinks, serverOwner } = parts;

  router.get('/own/:token', async (ctx) => {
    assertLink(ctx);
    await showForm(ctx);
  });

  /**
   * Makes the user the owner. A user who is not signed in sends a `name` and a `password`; one whose name
   * has no password sends the `password` that it gets.
   */
  router.post('/own/:token', async (ctx) => {
    const fields = await readFields(ctx.req);
    const kind = assertLink(ctx);
    try {
      const session = await signedIn(ctx, fields);
      const before = kind === 'first' ? null : await serverOwner();
      await log.append({ kind: 'server-owned', session: session.id, before });
      ownerLinks.revoke();
      redirectOrJson(ctx, '/admin', { uid: session.uid, name: session.name });
    } catch (error) {
      if (!(error instanceof ChatError) || acceptedFormat(ctx.req) !== 'html') throw error;
      setErrorHeaders(ctx, error);
      await showForm(ctx, stringField(fields, 'name'), ctx.state.t(error.code, error.details));
    }
  });

  function assertLink(ctx: Context) {
    const kind = ownerLinks.find(String(ctx.params.token));
    if (!kind) throw new ChatError('invalid-owner-link');
    return kind;
  }

  /** The user's session, under a name with a password. */
  async function signedIn(
    ctx: Context,
    fields: unknown,
  ): Promise<Pick<Session, 'id' | 'uid' | 'name'>> {
    const [name, given] = [stringField(fields, 'name'), stringField(fields, 'password')];
    const user = await identity.authenticate(ctx.req, undefined);
    if (user?.session && name === '') {
      const { session: id, uid } = user;
      if (given === '') return { id, uid, name: user.name ?? '' };
      const changed = await sessions.changePassword(id, parsePassword(given));
      setSessionCookie(ctx, browsers, changed);
      return changed.session;
    }
    const begin = (account: string) =>
      attempts.begin(`account ${account}`, ctx.req, identity.address(ctx.req), null);
    const begun = await sessions.signIn(parseName(name), parsePassword(given), begin);
    if (user?.session) await sessions.signOut(user.session).catch(() => undefined);
    setSessionCookie(ctx, browsers, begun);
    return begun.session;
  }

  async function showForm(ctx: Context, name = '', notice = ''): Promise<void> {
    ctx.set('Cache-Control', 'no-store');
    rememberBrowser(ctx, browsers);
    const user = await identity.authenticate(ctx.req, undefined);
    await ctx.render('own', {
      path: ctx.path,
      person: user?.session ? user : undefined,
      hasPassword: await sessions.isKept(user?.session),
      name,
      notice,
    });
  }
}
