import type { Middleware } from 'koa';
import { ChatError } from '../core/errors.ts';
import { isFromHere } from './request/origin.ts';

/** Rejects all changes that come from a page of another site. */
export function csrfGuard(origins: ReadonlySet<string>): Middleware {
  return (ctx, next) => {
    const isSafe = ctx.method === 'GET' || ctx.method === 'HEAD' || ctx.method === 'OPTIONS';
    if (isSafe || isFromHere(ctx.headers, origins)) return next();
    throw new ChatError('origin-not-allowed');
  };
}
