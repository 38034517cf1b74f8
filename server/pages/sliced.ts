import { Readable } from 'node:stream';
import type { Middleware } from 'koa';

const SLICE_BYTES = 32 * 1024;

/** The bytes in pieces, without a copy. */
export function* slices(bytes: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}

/**
 * Sends a large body in pieces: a socket shows only whole writes as taken, so that a slow client would
 * look like one that has stopped.
 */
export const sliced: Middleware = async (ctx, next) => {
  await next();
  const { body } = ctx;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (!Buffer.isBuffer(bytes) || bytes.length <= SLICE_BYTES) return;
  ctx.body = Readable.from(slices(bytes));
  ctx.length = bytes.length;
};
