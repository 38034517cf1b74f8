import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Browsers } from '../auth/browsers.ts';
import { asRefusal, Refusal, type RefusalCode } from '../core/errors.ts';
import type { Worded } from './language.ts';
import { rememberBrowser } from './respond.ts';

/** What Koa and its parts refuse by themselves, in our words. */
const OURS: Readonly<Record<number, RefusalCode>> = {
  404: 'no-page',
  405: 'wrong-method',
  501: 'wrong-method',
};

/** What is refused until one says or does something has a page where one can. */
const PAGES: Readonly<Partial<Record<RefusalCode, string>>> = {
  'needs-word': 'word',
  'wrong-word': 'word',
  'needs-passcode': 'word',
  'wrong-passcode': 'word',
};

/** Told to one who gives a password, or is asked for one: their browser is told apart from then on. */
const ASKS: ReadonlySet<string> = new Set([...Object.keys(PAGES), 'wrong-passphrase', 'wrong-key']);

/**
 * Answers what went wrong below it: with a page that helps where a browser asks, with JSON or a
 * sentence where a program does. What is nobody's mistake but ours is noted.
 */
export function errors(browsers: Browsers, logger: Logger): Middleware<Worded> {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status >= 400 && !ctx.body) throw new Refusal(OURS[ctx.status] ?? 'bad-request');
    } catch (error) {
      const refusal = asRefusal(inOurWords(error), (wrong) =>
        logger.error(wrong, 'a request failed'),
      );
      const { code, status, details, retryS } = refusal;
      const text = ctx.state.say(code, details);
      ctx.status = status;
      if (retryS) ctx.set('Retry-After', `${retryS}`);
      ctx.set('Cache-Control', 'no-store');
      if (ASKS.has(code)) rememberBrowser(ctx, browsers);
      switch (ctx.accepts('text', 'html', 'json')) {
        case 'html':
          await ctx.render(PAGES[code] ?? 'error', { text, status, code, details });
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

/** An error of Koa's or its parts, as a refusal of ours where it is the client's mistake. */
function inOurWords(error: unknown): unknown {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined;
  const isTheirs = status !== undefined && status >= 400 && status < 500;
  if (error instanceof Refusal || !isTheirs) return error;
  return new Refusal(OURS[status] ?? 'bad-request');
}
