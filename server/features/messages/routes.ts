import type { Context } from 'koa';
import type Router from 'koa-router';
import type { Visitors } from '../../auth/guest-tokens.ts';
import type { Person } from '../../auth/user.ts';
import { Refusal } from '../../core/errors.ts';
import type { Room } from '../../core/room.ts';
import type { Place } from '../../core/room-history.ts';
import { readFields } from '../../http/request/body.ts';
import { isMultipart } from '../../http/request/multipart.ts';
import { readNumber } from '../../http/request/query.ts';
import { speak, text, typeFor } from '../../http/respond.ts';
import { enter, enterAs } from '../../http/room-context.ts';
import { pathOf } from '../../shared/routes.ts';
import { type FileParts, type Form, readFormWithFiles } from '../attachments/routes.ts';
import { readCommand, type Said } from '../command.ts';
import { MOST_ID, PAGE, showRoom } from '../rooms/routes.ts';

interface Parts extends FileParts {
  readonly visitors: Visitors;
}

/** The messages of a room: its past, and saying something, by form or as JSON. */
export function messages(router: Router, parts: Parts): void {
  const { visitors } = parts;

  /**
   * Messages of the past, the oldest first, at most `limit`, and at most so many bytes of them: the
   * last before the message `before`, or the first after the message `since`. What lies beyond is
   * linked to.
   */
  router.get('/rooms/:room/messages', async (ctx) => {
    const before = readNumber('before', ctx.query.before, { min: 1, max: MOST_ID });
    const since = readNumber('since', ctx.query.since, { min: 0, max: MOST_ID });
    const limit = readNumber('limit', ctx.query.limit, { min: 1, max: PAGE.most }) ?? PAGE.standard;
    const { room, address } = await enter(ctx, parts);
    const type = typeFor(ctx);
    const reader = { type, address };
    const place =
      since === undefined
        ? await room.past.before(before ?? MOST_ID, limit, reader)
        : await room.past.after(since, limit, reader);
    const texts = place.fragments.map((fragment) => fragment[type]);
    linkAround(ctx, place, limit);
    speak(ctx, type === 'html' ? texts.join('') : `{"messages":[${texts.join(',')}]}`);
  });

  /** Says something: answered when it is committed, in the form that is asked for. */
  router.post('/rooms/:room/messages', async (ctx) => {
    const plain: Form | undefined = isMultipart(ctx.req)
      ? undefined
      : { fields: await readFields(ctx.req) };
    const entered = await enterAs(ctx, parts);
    const { room, person, check } = entered;
    const form = plain ?? (await readFormWithFiles(ctx, parts, entered));
    const wanted = ctx.accepts('text', 'html', 'json');
    if (wanted === 'html') {
      // It may be answered with the page of the room.
      ctx.state.check = check;
      return sayByForm(ctx, room, form, person);
    }
    if (form.refusal) throw form.refusal;
    const { change, isNew } = (await room.do(readSaid(form.fields), person)) ?? {};
    if (!change?.message) throw new Refusal('no-message');
    const type = wanted === 'json' ? 'json' : 'html';
    const { uid, token, address } = person;
    const said = await room.past.text(change.message, { type, address });
    ctx.status = isNew ? 201 : 200;
    ctx.type = type;
    ctx.body =
      type === 'json'
        ? `{"message":${said},"visitor":${JSON.stringify({ uid, token })}}`
        : `${said}\n`;
  });

  /** A uid for a tab that has none and no WebSocket to get one. */
  router.post('/visitors', (ctx) => {
    ctx.status = 201;
    ctx.body = visitors.admit();
  });
}

/** Names what lies before and after a page (RFC 8288). */
function linkAround(ctx: Context, { fragments, hasOlder, hasNewer }: Place, limit: number): void {
  const [first, last] = [fragments.at(0)?.id, fragments.at(-1)?.id];
  const older = hasOlder && first ? [`<?before=${first}&limit=${limit}>; rel="prev"`] : [];
  const newer = hasNewer && last ? [`<?since=${last}&limit=${limit}>; rel="next"`] : [];
  if (older.length + newer.length > 0) ctx.set('Link', [...older, ...newer].join(', '));
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
    await showRoom(ctx, room, { person, address: person.address, draft, notice });
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
