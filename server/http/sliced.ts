import { Readable } from 'node:stream';
import type { Middleware } from 'koa';
import { isLarge, slices } from './slices.ts';

/** Sends a large body in pieces. */
export const sliced: Middleware = async (ctx, next) => {
  await next();
  const { body } = ctx;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (!Buffer.isBuffer(bytes) || !isLarge(bytes)) return;
  ctx.body = Readable.from(slices(bytes));
  ctx.length = bytes.length;
};
