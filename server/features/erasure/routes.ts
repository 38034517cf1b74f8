import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type Router from 'koa-router';
import type { BrowserCookies } from '../../auth/browsers.ts';
import { GUEST_COOKIE, type Identity, tokenOf } from '../../auth/identity.ts';
import type { PasswordAttempts } from '../../auth/password-attempts.ts';
import type { Sessions } from '../../auth/sessions.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { deleteCookie } from '../../http/cookies.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import {
  clearSessionCookie,
  redirectOrJson,
  rememberBrowser,
  setErrorHeaders,
  signedIn,
  stringField,
} from '../../http/respond.ts';
import type { RequestLimiter } from '../../limits/shared-rate-limits.ts';
import type { ChatLog } from '../change.ts';
import type { ExportPosition } from '../export/person-export.ts';
import { forgetRooms } from '../rooms/known-rooms.ts';
import type { Store } from '../store.ts';

interface Parts {
  readonly identity: Identity;
  readonly sessions: Sessions;
  readonly browsers: BrowserCookies;
  readonly attempts: PasswordAttempts;
  readonly log: ChatLog;
  readonly queries: Pick<Store['queries'], 'personPart'>;
  /** How often an address may have all tables read. */
  readonly limits: RequestLimiter;
}

/** What is stored about a user, for themselves: to download it, and to erase it. */
export function erasureRoutes(router: Router, parts: Parts): void {
  const { identity, sessions, browsers, attempts, log, queries, limits } = parts;

  router.get('/settings/data', (ctx) => showPage(ctx));

  /** A JSON object in each line: see personQueries. A guest's page sends the token of its tab as `guest`. */
  router.post('/settings/data/export', async (ctx) => {
    const users = await usersOf(ctx, await readFields(ctx.req));
    assertRate(ctx);
    ctx.set('Cache-Control', 'no-store');
    ctx.attachment('my-data.jsonl');
    ctx.type = 'application/jsonl; charset=utf-8';
    ctx.body = Readable.from(exported(uidsOf(users)));
  });

  /** Erases the user for good. One with a password sends it again as `password`. */
  router.post('/settings/data/erase', async (ctx) => {
    const fields = await readFields(ctx.req);
    try {
      const users = await usersOf(ctx, fields);
      assertRate(ctx);
      const session = users.find((user) => user.session !== null)?.session ?? null;
      if (session !== null) {
        const begin = (account: string) =>
          attempts.begin(`account ${account}`, ctx.req, identity.address(ctx.req), session);
        await sessions.confirm(session, stringField(fields, 'password'), begin);
      }
      // Those that a user had as guests follow from the user.
      const uids = users.map(({ uid }) => uid);
      if (uids.length > 0) await log.append({ kind: 'person-erased', uids, session });
      clearSessionCookie(ctx);
      deleteCookie(ctx, GUEST_COOKIE);
      forgetRooms(ctx);
      redirectOrJson(ctx, '/settings/data?done', {});
    } catch (error) {
      if (!(error instanceof ChatError) || acceptedFormat(ctx.req) !== 'html') throw error;
      setErrorHeaders(ctx, error);
      await showPage(ctx, ctx.state.t(error.code, error.details));
    }
  });

  async function showPage(ctx: Context, notice = ''): Promise<void> {
    ctx.set('Cache-Control', 'no-store');
    rememberBrowser(ctx, browsers);
    const user = signedIn(await identity.authenticate(ctx.req, undefined));
    const hasPassword = await sessions.isKept(user?.session);
    const isDone = ctx.query.done !== undefined && !user;
    await ctx.render('your-data', { person: user, hasPassword, notice, isDone });
  }

  /** Who asks: the user; else the guest of the tab, and that of the browser. */
  async function usersOf(ctx: Context, fields: unknown): Promise<readonly User[]> {
    const user = await identity.authenticate(ctx.req, undefined);
    if (user) return [user];
    const tokens = new Set([stringField(fields, 'guest'), tokenOf(ctx.req) ?? '']);
    const guests = [...tokens].map((token) => identity.authenticate(ctx.req, token));
    return (await Promise.all(guests)).filter((guest) => guest !== undefined);
  }

  function assertRate(ctx: Context): void {
    if (!limits.take(identity.address(ctx.req))) throw new ChatError('rate-limited');
  }

  async function* exported(uids: readonly string[]): AsyncGenerator<string> {
    let from: ExportPosition | null = null;
    do {
      const part: Awaited<ReturnType<typeof queries.personPart>> = await queries.personPart(
        uids,
        from,
      );
      if (part.text !== '') yield part.text;
      from = part.next;
    } while (from);
  }
}

function uidsOf(users: readonly User[]): readonly string[] {
  return users.flatMap(({ uid, formerGuests }) => [uid, ...formerGuests]);
}
