import type { Context } from 'koa';
import type Router from 'koa-router';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import { nameSkeleton } from '../../auth/name-skeleton.ts';
import { ROOM_CREATORS } from '../../auth/server-settings.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { acceptedFormat } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import { languageFor, redirectOrJson, stringField } from '../../http/respond.ts';
import { accents } from '../../shared/accents.ts';
import { formatBytes } from '../../shared/format-bytes.ts';
import { maxUnits } from '../../shared/length.ts';
import { roomPath } from '../../shared/routes.ts';
import type { ChatLog } from '../change.ts';
import { flag, line, uid as uidField } from '../fields.ts';
import { MAX_ID } from '../messages/history-query.ts';
import { systemMessageText } from '../moderation/system-message-view.ts';
import { REPORTS_PAGE, reportsView } from '../reports/reports-view.ts';
import type { ChatRooms } from '../rooms/chat-rooms.ts';
import type { Store } from '../store.ts';
import { MAX_FILES, MAX_MESSAGES, MAX_SESSIONS } from './administration-queries.ts';
import { overview } from './overview.ts';
import type { ServerStatus } from './server-status.ts';

/** Rows on a page. */
const PAGE = 25;
const MAX_PAGE = 400;
/** In UTF-16 code units: more than any name and any address of a room has. */
const MAX_TEXT = 200;

/** A name for the header of a phone, in characters. */
const MAX_SERVER_NAME = 30;

/** What is missing of the look stays as it is. */
const settingsSchema = z.object({
  roomCreators: z.enum(ROOM_CREATORS),
  guestsMayWrite: flag.default(false),
  name: line(maxUnits(MAX_SERVER_NAME))
    .refine((name) => [...name].length <= MAX_SERVER_NAME)
    .optional(),
  accent: z.enum(accents).optional(),
});

export interface AdminParts {
  readonly identity: Identity;
  readonly rooms: ChatRooms;
  readonly log: ChatLog;
  readonly queries: Pick<
    Store['queries'],
    | 'people'
    | 'uploads'
    | 'roomsAfter'
    | 'sanctions'
    | 'moderatorActions'
    | 'serverSettings'
    | 'reports'
    | 'nameOf'
  >;
  readonly status: ServerStatus;
}

/** The pages of the server's owner; others are refused with 403. */
export function adminRoutes(router: Router, parts: AdminParts): void {
  const { identity, rooms, log, queries, status } = parts;

  router.get('/admin', async (ctx) => {
    await assertOwner(ctx);
    await show(ctx, 'overview', {
      ...(await overview(status, queries)),
      openRooms: rooms.all.length,
    });
  });

  /** The names in use: `search` has what they start with, `after` where the page before ended. */
  router.get('/admin/people', async (ctx) => {
    assertSelection(ctx.query, ['after']);
    await assertOwner(ctx);
    const search = textOf(ctx, 'search');
    const start = nameSkeleton(search);
    const found = await queries.people(start, textOf(ctx, 'after'), PAGE + 1, Date.now());
    const { rows, last } = pageOf(found);
    const next = last && `?${new URLSearchParams({ search, after: last.key })}`;
    const isErased = ctx.query.erased !== undefined;
    await show(ctx, 'people', { people: rows, search, next, most: MAX_SESSIONS, isErased });
  });

  router.get('/admin/rooms', async (ctx) => {
    assertSelection(ctx.query, ['after']);
    await assertOwner(ctx);
    const { rows, last } = pageOf(await queries.roomsAfter(textOf(ctx, 'after'), PAGE + 1));
    await show(ctx, 'rooms', {
      rooms: rows.map((room) => ({ ...room, online: rooms.find(room.name)?.count ?? 0 })),
      next: last && `?${new URLSearchParams({ after: last.name })}`,
      ...{ maxMessages: MAX_MESSAGES, maxFiles: MAX_FILES },
    });
  });

  router.get('/admin/restrictions', async (ctx) => {
    await assertOwner(ctx);
    const page = readNumber('page', ctx.query.page, { min: 1, max: MAX_PAGE }) ?? 1;
    const found = await queries.sanctions(Date.now(), PAGE + 1, (page - 1) * PAGE);
    const { rows, last } = pageOf(found);
    const next = last && page < MAX_PAGE ? `?page=${page + 1}` : undefined;
    await show(ctx, 'restrictions', { sanctions: rows, next });
  });

  /** What owners and moderators of rooms did, the latest first. */
  router.get('/admin/actions', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    await assertOwner(ctx);
    const { rows, last } = pageOf(await queries.moderatorActions(beforeOf(ctx), PAGE + 1));
    const actions = rows.map((message) => ({
      room: message.room,
      at: new Date(message.at).toISOString(),
      text: systemMessageText(message, languageFor(ctx)),
    }));
    await show(ctx, 'actions', { actions, next: last && `?before=${last.id}` });
  });

  router.get('/admin/settings', async (ctx) => {
    await assertOwner(ctx);
    const settings = await queries.serverSettings();
    const saved = ctx.query.done !== undefined;
    const choices = { roomCreators: ROOM_CREATORS, accents, maxName: MAX_SERVER_NAME };
    await show(ctx, 'settings', { settings, saved, ...choices });
  });

  /**
   * Sets who can create rooms (`roomCreators`), whether guests may write (`guestsMayWrite`), and the `name` and
   * the `accent` of the server.
   */
  router.post('/admin/settings', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { session } = await assertOwner(ctx);
    const given = settingsSchema.safeParse(fields).data;
    if (!given) throw new ChatError('bad-request');
    const before = rooms.serverSettings;
    const { name = before.name, accent = before.accent } = given;
    const settings = { ...given, name, accent };
    await log.append({ kind: 'server-settings-changed', session, settings });
    redirectOrJson(ctx, '/admin/settings?done', settings);
  });

  /** The reports of all rooms that wait, of the latest messages first. */
  router.get('/admin/reports', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    const { uid } = await assertOwner(ctx);
    const request = { room: null, reader: uid, before: beforeOf(ctx), limit: REPORTS_PAGE };
    const { reported, next } = await queries.reports(request);
    const reports = reportsView(reported, languageFor(ctx));
    await show(ctx, 'reports', { reports, next: next && `?before=${next}` });
  });

  /** Ends all sessions of the user `uid`. A form is asked first, unless it is `confirmed`. */
  router.post('/admin/sign-out', async (ctx) => {
    const fields = await readFields(ctx.req);
    const { session } = await assertOwner(ctx);
    const uid = uidField.safeParse(stringField(fields, 'uid')).data;
    if (uid === undefined) throw new ChatError('bad-request');
    if (acceptedFormat(ctx.req) === 'html' && stringField(fields, 'confirmed') === '') {
      const { t } = ctx.state;
      await ctx.render('confirm', {
        question: t('confirm-sign-out', { who: (await queries.nameOf(uid)) ?? t('guest') }),
        warning: t('sign-out-warning'),
        action: t('sign-out-everywhere'),
        target: '/admin/sign-out',
        back: '/admin/people',
        fields: [['uid', uid]],
      });
      return;
    }
    await log.append({ kind: 'signed-out-everywhere', session, uid });
    redirectOrJson(ctx, '/admin/people', {});
  });

  /** Erases all that the user `uid` wrote and what is stored about them. A form is asked first. */
  router.post('/admin/erase', async (ctx) => {
    const fields = await readFields(ctx.req);
    const owner = await assertOwner(ctx);
    const uid = uidField.safeParse(stringField(fields, 'uid')).data;
    if (uid === undefined) throw new ChatError('bad-request');
    // The owner is told there what becomes of the server, and asked for the password.
    if (uid === owner.uid) {
      redirectOrJson(ctx, '/settings/data', {});
      return;
    }
    if (acceptedFormat(ctx.req) === 'html' && stringField(fields, 'confirmed') === '') {
      const { t } = ctx.state;
      await ctx.render('confirm', {
        question: t('confirm-erase', { who: (await queries.nameOf(uid)) ?? t('guest') }),
        warning: t('erase-person-warning'),
        action: t('erase-person'),
        target: '/admin/erase',
        back: '/admin/people',
        fields: [['uid', uid]],
      });
      return;
    }
    await log.append({ kind: 'person-erased', uids: [uid], session: owner.session });
    redirectOrJson(ctx, '/admin/people?erased', {});
  });

  /** @throws ChatError for everybody but the owner */
  async function assertOwner(ctx: Context): Promise<User & { readonly session: string }> {
    ctx.set('Cache-Control', 'no-store');
    const user = await identity.authenticate(ctx.req, undefined);
    if (!user?.session || !user.isOwner) throw new ChatError('not-server-owner');
    return { ...user, session: user.session };
  }
}

async function show(ctx: Context, view: string, values: object): Promise<void> {
  await ctx.render('admin', { view, roomPath, formatBytes, ...values });
}

/** The rows of a page, of which one more was requested; `last` only where there are more. */
function pageOf<T>(found: readonly T[]): { readonly rows: readonly T[]; readonly last?: T } {
  const rows = found.slice(0, PAGE);
  const last = rows.at(-1);
  return found.length > PAGE && last !== undefined ? { rows, last } : { rows };
}

/** Of the messages before this id a page has the latest. */
function beforeOf(ctx: Context): number {
  return readNumber('before', ctx.query.before, { min: 1, max: MAX_ID }) ?? MAX_ID;
}

/** A text of the query. @throws ChatError where it is too long */
function textOf(ctx: Context, name: string): string {
  const text = stringField(ctx.query, name);
  if (text.length > MAX_TEXT) throw new ChatError('bad-request');
  return text;
}
