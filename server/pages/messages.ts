import type { Context } from 'koa';
import type Router from 'koa-router';
import { readCommand, type Said } from '../chat/command.ts';
import type { Room } from '../chat/room.ts';
import { readFields } from '../edge/body.ts';
import { isMultipart } from '../edge/multipart.ts';
import { readNumber } from '../edge/query.ts';
import { Refusal } from '../errors.ts';
import type { Person } from '../people/person.ts';
import type { Visitors } from '../people/visitor.ts';
import { fragment } from '../render/fragment.ts';
import { pathOf } from '../room-path.ts';
import { enter, enterAs } from './entry.ts';
import { type FileParts, type Form, readFormWithFiles } from './files.ts';
import { speak, text } from './guest.ts';
import { MOST_ID, PAGE, showRoom } from './rooms.ts';

interface Parts extends FileParts {
  readonly visitors: Visitors;
}

/** The messages of a room: its past, and saying something, by form or as JSON. */
export function messages(router: Router, parts: Parts): void {
  const { visitors } = parts;

  /**
   * Messages of the past, the oldest first, at most `limit`: the last before the message `before`, or
   * the first after the message `since`.
   */
  router.get('/rooms/:room/messages', async (ctx) => {
    const before = readNumber('before', ctx.query.before, { min: 1, max: MOST_ID });
    const since = readNumber('since', ctx.query.since, { min: 0, max: MOST_ID });
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: PAGE.most }) ?? PAGE.standard;
    const { room } = await enter(ctx, parts);
    const fragments =
      since === undefined
        ? await room.past.before(before ?? MOST_ID, limit)
        : await room.past.after(since, limit);
    speak(ctx, {
      html: () => fragments.map(({ html }) => html).join(''),
      json: () => `{"messages":[${fragments.map(({ json }) => json).join(',')}]}`,
    });
  });

  /** Says something: answered when it is committed, in the form that is asked for. */
  router.post('/rooms/:room/messages', async (ctx) => {
    const plain: Form | undefined = isMultipart(ctx.req)
      ? undefined
      : { fields: await readFields(ctx.req) };
    const entered = await enterAs(ctx, parts);
    const { room, person, check } = entered;
    const form = plain ?? (await readFormWithFiles(ctx, parts, entered));
    const type = ctx.accepts('text', 'html', 'json');
    if (type === 'html') {
      // It may be answered with the page of the room.
      ctx.state.check = check;
      return sayByForm(ctx, room, form, person);
    }
    if (form.refusal) throw form.refusal;
    const { change, isNew } = (await room.do(readSaid(form.fields), person)) ?? {};
    if (!change?.message) throw new Refusal('no-message');
    const said = fragment(change.message);
    ctx.status = isNew ? 201 : 200;
    ctx.type = type === 'json' ? 'json' : 'html';
    const { uid, token } = person;
    ctx.body =
      type === 'json'
        ? `{"message":${said.json},"visitor":${JSON.stringify({ uid, token })}}`
        : `${said.html}\n`;
  });

  /** A uid for a tab that has none and no WebSocket to get one. */
  router.post('/visitors', (ctx) => {
    ctx.status = 201;
    ctx.body = visitors.admit();
  });
}

/** What else can be done in a room has an address of its own. */
function readSaid(fields: unknown): Said {
  const command = readCommand(fields);
  if (command.do !== 'say') throw new Refusal('no-message');
  return command;
}

/** Leads back to the room; where that was refused, with the text still in the form. */
async function sayByForm(ctx: Context, room: Room, { fields, refusal }: Form, person: Person) {
  try {
    if (refusal) throw refusal;
    await sayOnce(room, readSaid(fields), person);
    ctx.status = 303;
    ctx.redirect(pathOf(room.name));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ctx.status = error.status;
    if (error.retryS) ctx.set('Retry-After', `${error.retryS}`);
    const draft = text(fields, 'message');
    const notice = ctx.state.say(error.code, error.details);
    await showRoom(ctx, room, { person, draft, notice });
  }
}

/** A form that one came back to has the id of the message that was sent with it. */
async function sayOnce(room: Room, command: Said, person: Person): Promise<void> {
  try {
    await room.do(command, person);
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'cid-reused')) throw error;
    await room.do({ ...command, cid: null }, person);
  }
}
