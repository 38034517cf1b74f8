import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { BrowserCookies } from '../auth/browsers.ts';
import type { Counters } from '../core/counters.ts';
import { ChatError, type ErrorCode, toChatError } from '../core/errors.ts';
import type { LocalizedState } from './language.ts';
import { acceptedFormat } from './request/accepted-format.ts';
import { rememberBrowser, setErrorHeaders } from './respond.ts';

/** The error codes for what Koa and its middleware reject by themselves. */
const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  501: 'method-not-allowed',
};

/** Errors that a form can resolve have a page with that form. */
const TEMPLATE_BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  'password-required': 'password',
  'wrong-password': 'password',
  'server-password-required': 'password',
  'wrong-server-password': 'password',
  'no-such-code': 'join-code',
};

/** Errors of clients that give or need a password: their browser is identified from then on. */
const ASKS: ReadonlySet<string> = new Set([
  ...Object.keys(TEMPLATE_BY_CODE),
  'wrong-user-password',
  'wrong-moderator-key',
]);

/**
 * Answers errors thrown further down: with a page that helps for a browser, with JSON or a sentence
 * for a program. Each is counted, and the server's own errors are logged.
 */
export function errors(
  browsers: BrowserCookies,
  counters: Counters,
  logger: Logger,
): Middleware<LocalizedState> {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status >= 400 && !ctx.body)
        throw new ChatError(CODE_BY_STATUS[ctx.status] ?? 'bad-request');
    } catch (error) {
      const refusal = toChatError(clientError(error), (wrong) =>
        logger.error(wrong, 'a request failed'),
      );
      const { code, status, details } = refusal;
      counters.refused(code);
      const text = ctx.state.t(code, details);
      setErrorHeaders(ctx, refusal);
      if (ASKS.has(code)) rememberBrowser(ctx, browsers);
      switch (acceptedFormat(ctx.req)) {
        case 'html':
          await ctx.render(TEMPLATE_BY_CODE[code] ?? 'error', {
            ...{ text, status, code, details },
            isRead: ctx.method === 'GET' || ctx.method === 'HEAD',
          });
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

/** Turns an error of Koa or its middleware into a `ChatError` where it is the client's mistake. */
function clientError(error: unknown): unknown {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : undefined;
  const isTheirs = status !== undefined && status >= 400 && status < 500;
  if (error instanceof ChatError || !isTheirs) return error;
  return new ChatError(CODE_BY_STATUS[status] ?? 'bad-request');
}
