import type { Context } from 'koa';
import type Router from 'koa-router';
import { ChatError } from '../../core/errors.ts';
import { readNumber } from '../../http/request/query.ts';
import { respond, typeFor } from '../../http/respond.ts';
import type { RequestLimiter } from '../../limits/shared-rate-limits.ts';
import { MAX_ID } from '../messages/history-query.ts';
import { openRoom, type RoomContextParts } from '../rooms/room-context.ts';

import { pollCsv, pollExport, pollSvg } from './export.ts';
import { isPublic } from './poll.ts';

interface Parts extends RoomContextParts {
  /** The rate limit of vote histories from one address. */
  readonly limits: RequestLimiter;
}

/** The current polls, and the results of polls: exports, and how they changed. */
export function pollRoutes(router: Router, parts: Parts): void {
  /** The polls that an audience sees first: the running or the last one, and the Q&A. */
  router.get('/rooms/:room/now', async (ctx) => {
    const { room, address } = await openRoom(ctx, parts);
    const type = typeFor(ctx);
    const reader = { type, address };
    const { running, closed, questions } = await room.polls.current(room.settings, reader);
    const texts = [running, closed, questions].flatMap((poll) => poll?.text(type) ?? []);
    respond(ctx, type === 'json' ? `{"polls":[${texts.join(',')}]}` : texts.join(''));
  });

  /** The results as a file. */
  for (const [type, file] of Object.entries(FILES)) {
    router.get(`/rooms/:room/polls/:id.${type}`, async (ctx) => {
      const { room, id, poll } = await visible(ctx);
      ctx.attachment(`poll-${id}.${type}`);
      ctx.type = type;
      ctx.body = file(poll, room.settings.title);
    });
  }

  /** The vote history. */
  router.get('/rooms/:room/polls/:id/history', async (ctx) => {
    if (!parts.limits.take(parts.identity.address(ctx.req))) throw new ChatError('rate-limited');
    const { room, id, poll } = await visible(ctx);
    ctx.body = { options: poll.options, points: await room.polls.voteHistory(id, poll) };
  });

  /** A poll whose counts the user may see. */
  async function visible(ctx: Context) {
    const { room, user } = await openRoom(ctx, parts);
    const id = readNumber('id', ctx.params.id, { min: 1, max: MAX_ID }) ?? 0;
    const poll = await room.polls.find(id);
    if (!poll) throw new ChatError('no-such-poll');
    const isInsider = async () =>
      poll.resultsVisibility === 'after-vote' &&
      user !== undefined &&
      (await room.polls.hasVoted(id, user));
    if (!isPublic(poll) && !(await isInsider())) throw new ChatError('results-hidden');
    ctx.set('Cache-Control', 'no-store');
    return { room, id, poll };
  }
}

const FILES = { csv: pollCsv, svg: pollSvg, json: pollExport } as const;
