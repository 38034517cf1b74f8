import type { Context, Middleware } from 'koa';
import { parseCursor } from '../core/cursor.ts';
import type { PublishedLog } from '../core/log.ts';
import { setCookie } from './cookies.ts';
import { acceptedFormat } from './request/accepted-format.ts';
import { readCookie } from './request/cookies.ts';

/** How far the log was when the last form of this browser was answered, as a cursor. */
const COOKIE = 'at';
const MAX_AGE_MS = 60_000;
/** A page that lacks the change is better than none: the change arrives over its connection. */
const MAX_WAIT_MS = 1_000;

/**
 * In a cluster, the page after a form may be requested from another node than the form was sent to:
 * it waits until that node has what the form changed.
 */
export function readYourWrites(log: PublishedLog): Middleware {
  return async (ctx, next) => {
    if (ctx.method === 'GET') await reached(log, ctx);
    await next();
    if (ctx.method === 'POST' && ctx.status === 303) {
      setCookie(ctx, COOKIE, `${log.epoch}.${log.head}`, MAX_AGE_MS);
    }
  };
}

async function reached(log: PublishedLog, { req }: Context): Promise<void> {
  const cookie = readCookie(req, COOKIE);
  if (cookie === undefined || acceptedFormat(req) !== 'html') return;
  try {
    const { epoch, seq } = parseCursor(cookie);
    if (epoch === log.epoch) await log.reach(seq, MAX_WAIT_MS);
  } catch {
    // It is not a cursor of ours, or this node is behind: the page shows what there is.
  }
}
