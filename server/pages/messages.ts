import type { Context } from 'koa';
import type Router from 'koa-router';
import { type Command, readCommand } from '../chat/command.ts';
import type { Lobby } from '../chat/lobby.ts';
import type { Room } from '../chat/room.ts';
import { readFields } from '../edge/body.ts';
import type { Limits } from '../edge/limiter.ts';
import { readNumber, wantsJson } from '../edge/query.ts';
import { Refusal } from '../errors.ts';
import { identify } from '../people/identity.ts';
import type { Visitor, Visitors } from '../people/visitor.ts';
import { fragment } from '../render/fragment.ts';
import { MOST_ID, PAGE, pathOf, showRoom } from './rooms.ts';

interface Parts {
  readonly lobby: Lobby;
  readonly visitors: Visitors;
  /** How much may be said from one address. */
  readonly limits: Limits;
}

/** The messages of a room: its past, and saying something, by form or as JSON. */
export function messages(router: Router, { lobby, visitors, limits }: Parts): void {
  /** Older messages: those before the message `before`, the oldest first, at most `limit`. */
  router.get('/rooms/:room/messages', async (ctx) => {
    const before = readNumber('before', ctx.query.before, { min: 1, max: MOST_ID });
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: PAGE.most });
    const room = await lobby.room(ctx.params.room);
    const fragments = await room.before(before ?? MOST_ID, limit ?? PAGE.standard);
    ctx.set('Cache-Control', 'no-store');
    ctx.vary('Accept');
    ctx.type = wantsJson(ctx.req) ? 'json' : 'html';
    ctx.body = wantsJson(ctx.req)
      ? `{"messages":[${fragments.map(({ json }) => json).join(',')}]}`
      : fragments.map(({ html }) => html).join('');
  });

  /** Says something: answered when it is committed, in the form that is asked for. */
  router.post('/rooms/:room/messages', async (ctx) => {
    if (!limits.take(ctx.ip)) throw new Refusal('slow-down');
    const room = await lobby.room(ctx.params.room);
    const fields = await readFields(ctx.req);
    const visitor = identify(ctx, visitors);
    const type = ctx.accepts('text', 'html', 'json');
    if (type === 'html') return sayByForm(ctx, room, fields, visitor);
    const { message, isNew } = await room.do(readCommand(fields), visitor.uid);
    const said = fragment(message);
    ctx.status = isNew ? 201 : 200;
    ctx.type = type === 'json' ? 'json' : 'html';
    ctx.body =
      type === 'json'
        ? `{"message":${said.json},"visitor":${JSON.stringify(visitor)}}`
        : `${said.html}\n`;
  });

  /** A uid for a tab that has none and no WebSocket to get one. */
  router.post('/visitors', (ctx) => {
    ctx.status = 201;
    ctx.body = visitors.admit();
  });
}

/** Leads back to the room; where that was refused, with the text still in the form. */
async function sayByForm(ctx: Context, room: Room, fields: unknown, visitor: Visitor) {
  try {
    await sayOnce(room, readCommand(fields), visitor.uid);
    ctx.status = 303;
    ctx.redirect(pathOf(room.name));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ctx.status = error.status;
    const notice = ctx.state.say(error.code, error.details);
    await showRoom(ctx, room, { draft: draftIn(fields), notice });
  }
}

/** What was to be said; JSON may have anything in its place. */
function draftIn(fields: unknown): string {
  const isObject = typeof fields === 'object' && fields !== null;
  return isObject && 'message' in fields && typeof fields.message === 'string'
    ? fields.message
    : '';
}

/** A form that one came back to has the id of the message that was sent with it. */
async function sayOnce(room: Room, command: Command, uid: string): Promise<void> {
  try {
    await room.do(command, uid);
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'cid-reused')) throw error;
    await room.do({ ...command, cid: null }, uid);
  }
}
