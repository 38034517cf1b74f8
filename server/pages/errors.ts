import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { languageOf } from '../edge/language.ts';
import { Refusal, type RefusalCode } from '../errors.ts';
import { say } from '../words.ts';
import { headers } from './headers.ts';
import { word } from './language.ts';

/** When to try again what cannot be done just now. */
const RETRY_S = 2;

/** What Koa and its parts refuse by themselves, in our words. */
const OURS: Readonly<Record<number, RefusalCode>> = {
  404: 'no-page',
  405: 'wrong-method',
  501: 'wrong-method',
};

/**
 * Answers what went wrong below it: with a page that helps where a browser asks, with JSON or a
 * sentence where a program does. What is nobody's mistake but ours is noted.
 */
export function errors(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status >= 400 && !ctx.body) throw new Refusal(OURS[ctx.status] ?? 'bad-request');
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.status === 500) logger.error(error, 'a request failed');
      const { code, status, details } = refusal;
      const text = say(languageOf(ctx.req), code, details);
      await headers(ctx, async () => undefined);
      ctx.status = status;
      if (status === 429 || status === 503) ctx.set('Retry-After', `${RETRY_S}`);
      ctx.set('Cache-Control', 'no-store');
      switch (ctx.accepts('text', 'html', 'json')) {
        case 'html':
          word(ctx);
          await ctx.render('error', { text, status, near: details.near });
          break;
        case 'json':
          ctx.body = { error: { code, message: text } };
          break;
        default:
          ctx.body = `${text}\n`;
      }
    }
  };
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status >= 500 || !(status >= 400)) return new Refusal('broken');
  return new Refusal(OURS[status] ?? 'bad-request');
}
