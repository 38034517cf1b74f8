import type { Context } from 'koa';
import type { Identity } from '../../auth/identity.ts';
import type { User } from '../../auth/user.ts';
import { ChatError } from '../../core/errors.ts';
import { readNumber } from '../../http/request/query.ts';
import { stringField } from '../../http/respond.ts';
import { formatBytes } from '../../shared/format-bytes.ts';
import { roomPath } from '../../shared/routes.ts';
import { MAX_ID } from '../messages/history-query.ts';

/** Rows on a page. */
export const PAGE = 25;
/** In UTF-16 code units: more than any name and any address of a room has. */
const MAX_TEXT = 200;

/** The owner of the server, who makes the request. */
export interface Owner extends User {
  readonly session: string;
}

/** @throws ChatError for everybody but the owner */
export async function assertOwner(ctx: Context, identity: Identity): Promise<Owner> {
  ctx.set('Cache-Control', 'no-store');
  const user = await identity.authenticate(ctx.req, undefined);
  if (!user?.session || !user.isOwner) throw new ChatError('not-server-owner');
  return { ...user, session: user.session };
}

/** Shows a page of the owner: `admin-VIEW.html`, in their frame. */
export async function show(ctx: Context, view: string, values: object): Promise<void> {
  await ctx.render('admin', { view, roomPath, formatBytes, ...values });
}

/** The rows of a page, of which one more was requested; `last` only where there are more. */
export function pageOf<T>(found: readonly T[]): { readonly rows: readonly T[]; readonly last?: T } {
  const rows = found.slice(0, PAGE);
  const last = rows.at(-1);
  return found.length > PAGE && last !== undefined ? { rows, last } : { rows };
}

/** Of the messages before this id a page has the latest. */
export function beforeOf(ctx: Context): number {
  return readNumber('before', ctx.query.before, { min: 1, max: MAX_ID }) ?? MAX_ID;
}

/** A text of the query. @throws ChatError where it is too long */
export function textOf(ctx: Context, name: string): string {
  const text = stringField(ctx.query, name);
  if (text.length > MAX_TEXT) throw new ChatError('bad-request');
  return text;
}
