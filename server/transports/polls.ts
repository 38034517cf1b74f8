import type { Context, Middleware } from 'koa';
import { type Cursor, formatCursor, readCursor } from '../chat/cursor.ts';
import { readNumber, wantsJson } from '../edge/query.ts';
import { Refusal } from '../errors.ts';
import { answerHtml, answerJson } from '../render/answer.ts';
import { LongPoll } from './long-poll.ts';
import type { TransportParts } from './streams.ts';

/** The longest wait of a long poll, in seconds: proxies cut what is silent for longer. */
const LONGEST_WAIT_S = 60;

/**
 * `GET /rooms/:room/messages?after=CURSOR&wait=SECONDS`: what is new, at once or as soon as there is
 * something; without a cursor, the history. `?before=` is not for us.
 */
export function polls({ lobby, streams, logger }: TransportParts): Middleware {
  return async (ctx, next) => {
    if (ctx.query.before !== undefined) return next();
    const after = readAfter(ctx);
    const waitS = readNumber('wait', ctx.query.wait, { min: 0, max: LONGEST_WAIT_S }) ?? 0;
    const room = await lobby.room(ctx.params.room);
    const encoding = wantsJson(ctx) ? answerJson : answerHtml;
    ctx.status = 200;
    ctx.type = encoding.type;
    ctx.vary('Accept');
    ctx.set('Cache-Control', 'private, no-cache');
    ctx.etag = `${formatCursor(room.cursor)}-${encoding.type}`;
    if (waitS === 0 && ctx.fresh) {
      ctx.status = 304;
      return;
    }
    if (streams.isClosed) throw new Refusal('closing');
    const answer = await room.since(after);
    const isNews = answer.isGap || answer.fragments.length > 0 || after === undefined;
    if (isNews || waitS === 0) {
      ctx.body = encoding.answer(answer);
      return;
    }
    ctx.remove('ETag');
    ctx.respond = false;
    new LongPoll({
      response: ctx.res,
      room,
      encoding,
      after,
      waitMs: waitS * 1000,
      streams,
      logger,
    });
  };
}

function readAfter({ query }: Context): Cursor | undefined {
  return query.after === undefined ? undefined : readCursor(query.after);
}
