import type Router from 'koa-router';
import type { Identity } from '../../auth/identity.ts';
import { assertSelection, readNumber } from '../../http/request/query.ts';
import { languageFor } from '../../http/respond.ts';
import type { ChatLog } from '../change.ts';
import { REPORTS_PAGE, reportsView } from '../reports/reports-view.ts';
import type { ChatRooms } from '../rooms/chat-rooms.ts';
import type { Store } from '../store.ts';
import { actionRoutes } from './action-routes.ts';
import { assertOwner, beforeOf, PAGE, pageOf, show, textOf } from './admin-page.ts';
import { MAX_FILES, MAX_MESSAGES } from './administration-queries.ts';
import { overview } from './overview.ts';
import { peopleRoutes } from './people-routes.ts';
import { serverSettingsRoutes } from './server-settings-routes.ts';
import type { ServerStatus } from './server-status.ts';

const MAX_PAGE = 400;
export interface AdminParts {
  readonly identity: Identity;
  readonly rooms: ChatRooms;
  readonly log: ChatLog;
  readonly queries: Pick<
    Store['queries'],
    | 'people'
    | 'uploads'
    | 'roomsAfter'
    | 'roomTextBytes'
    | 'compactBytes'
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
  const { identity, rooms, queries, status } = parts;
  peopleRoutes(router, parts);
  actionRoutes(router, parts);
  serverSettingsRoutes(router, parts);

  router.get('/admin', async (ctx) => {
    await assertOwner(ctx, identity);
    await show(ctx, 'overview', {
      ...(await overview(status, queries)),
      openRooms: rooms.all.length,
    });
  });

  router.get('/admin/rooms', async (ctx) => {
    assertSelection(ctx.query, ['after']);
    await assertOwner(ctx, identity);
    const { rows, last } = pageOf(await queries.roomsAfter(textOf(ctx, 'after'), PAGE + 1));
    const listed = [];
    for (const room of rows) {
      // One after the other: others wait for each.
      const text = await queries.roomTextBytes(room.name);
      listed.push({ ...room, text, online: rooms.find(room.name)?.count ?? 0 });
    }
    await show(ctx, 'rooms', {
      rooms: listed,
      next: last && `?${new URLSearchParams({ after: last.name })}`,
      ...{ maxMessages: MAX_MESSAGES, maxFiles: MAX_FILES },
    });
  });

  router.get('/admin/restrictions', async (ctx) => {
    await assertOwner(ctx, identity);
    const page = readNumber('page', ctx.query.page, { min: 1, max: MAX_PAGE }) ?? 1;
    const found = await queries.sanctions(Date.now(), PAGE + 1, (page - 1) * PAGE);
    const { rows, last } = pageOf(found);
    const next = last && page < MAX_PAGE ? `?page=${page + 1}` : undefined;
    await show(ctx, 'restrictions', { sanctions: rows, next });
  });

  /** The reports of all rooms that wait, of the latest messages first. */
  router.get('/admin/reports', async (ctx) => {
    assertSelection(ctx.query, ['before']);
    const { uid } = await assertOwner(ctx, identity);
    const request = { room: null, reader: uid, before: beforeOf(ctx), limit: REPORTS_PAGE };
    const { reported, next } = await queries.reports(request);
    const reports = reportsView(reported, languageFor(ctx));
    await show(ctx, 'reports', { reports, next: next && `?before=${next}` });
  });
}
