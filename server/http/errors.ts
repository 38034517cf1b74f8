import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { BrowserCookies } from '../auth/browsers.ts';
import { ChatError, type ErrorCode, toChatError } from '../core/errors.ts';
import type { LocalizedState } from './language.ts';
import { rememberBrowser } from './respond.ts';

/** What Koa and its parts refuse by themselves, in our words. */
const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'no-page',
  405: 'wrong-method',
  501: 'wrong-method',
};

/** What is refused until one says or does something has a page where one can. */
const TEMPLATE_BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  'needs-word': 'word',
  'wrong-word': 'word',
  'needs-passcode': 'word',
  'wrong-passcode': 'word',
};

/** Told to one who gives a password, or is asked for one: their browser is told apart from then on. */
const ASKS: ReadonlySet<string> = new Set([
  ...Object.keys(TEMPLATE_BY_CODE),
  'wrong-passphrase',
  'wrong-key',
]);

/**
 * Answers what went wrong below it: with a page that helps where a browser asks, with JSON or a
 * sentence where a program does. What is nobody's mistake but ours is noted.
 */
export function errors(browsers: BrowserCookies, logger: Logger): Middleware<LocalizedState> {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status >= 400 && !ctx.body)
        throw new ChatError(CODE_BY_STATUS[ctx.status] ?? 'bad-request');
    } catch (error) {
      const refusal = toChatError(clientError(error), (wrong) =>
        logger.error(wrong, 'a request failed'),
      );
      const { code, status, details, retryAfterSeconds } = refusal;
      const text = ctx.state.t(code, details);
      ctx.status = status;
      if (retryAfterSeconds) ctx.set('Retry-After', `${retryAfterSeconds}`);
      ctx.set('Cache-Control', 'no-store');
      if (ASKS.has(code)) rememberBrowser(ctx, browsers);
      switch (ctx.accepts('text', 'html', 'json')) {
        case 'html':
          await ctx.render(TEMPLATE_BY_CODE[code] ?? 'error', { text, status, code, details });
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
function clientError(error: unknown): unknown {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined;
  const isTheirs = status !== undefined && status >= 400 && status < 500;
  if (error instanceof ChatError || !isTheirs) return error;
  return new ChatError(CODE_BY_STATUS[status] ?? 'bad-request');
}
