import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import accepts from 'accepts';
import type { Context, Middleware } from 'koa';
import { languages } from '../shared/i18n.ts';

export type Encoding = 'br' | 'gzip';

/** A shorter body fits in one packet anyway. */
const MIN_CHARACTERS = 1_024;
const TEXT = /^(?:text\/|application\/json|image\/svg)/;
/** Parameters without a text that somebody else could choose. The name of an unknown one is such a text. */
const CHOICES = [
  String.raw`(?:after|at|before|limit|page|seq|since)=\d*`,
  '(?:embed|entered)=?',
  `lang=(?:${languages.join('|')})`,
  'view=(?:now|questions|chat)',
].join('|');
const WITHOUT_TEXT = new RegExp(`^(?:(?:${CHOICES})(?:&|$))*$`);

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** The encoding of a response: brotli before gzip; none if the client accepts neither. */
export function acceptedEncoding(request: IncomingMessage): Encoding | undefined {
  const accepted = accepts(request).encodings();
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

/** Compresses a text on a thread of the pool. @param effort 1 to 9, as of gzip */
export function compress(text: string, encoding: Encoding, effort: number): Promise<Buffer> {
  if (encoding === 'gzip') return gzipped(text, { level: effort });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: effort,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  };
  return brotli(text, { params });
}

/** Marks the body of a response as compressed; its entity tag is of the text (RFC 9110, section 8.8.3). */
export function setEncoded(ctx: Context, body: Buffer, encoding: Encoding): void {
  const etag = ctx.response.get('ETag');
  const { type } = ctx.response;
  ctx.body = body;
  ctx.type = type;
  ctx.set('Content-Encoding', encoding);
  if (etag && !etag.startsWith('W/')) ctx.set('ETag', `W/${etag}`);
}

/**
 * Compresses pages and other texts. Never streams: they are flushed message by message.
 *
 * The size of a compressed response tells whether two of its parts are alike. Where one of them is
 * secret and a third party chooses the other, it could be guessed (BREACH). So a response is sent as
 * it is if its request brings a text that the response may repeat: a form, or a query of more than
 * numbers and choices. No page has a token in it: sessions are in cookies, and forms are checked by
 * their origin.
 */
export const compressed: Middleware = async (ctx, next) => {
  await next();
  const { body } = ctx;
  if (typeof body !== 'string' || body.length < MIN_CHARACTERS || !TEXT.test(ctx.type)) return;
  ctx.vary('Accept-Encoding');
  if (ctx.method !== 'GET' || ctx.status !== 200 || !WITHOUT_TEXT.test(ctx.querystring)) return;
  const encoding = acceptedEncoding(ctx.req);
  if (encoding) setEncoded(ctx, await compress(body, encoding, 4), encoding);
};
