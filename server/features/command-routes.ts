import type { Context } from 'koa';
import type Router from 'koa-router';
import type { Person } from '../auth/user.ts';
import { Refusal } from '../core/errors.ts';
import { PAGE_BYTES } from '../core/room-history.ts';
import { readFields } from '../http/request/body.ts';
import { isMultipart } from '../http/request/multipart.ts';
import { lead, speak, typeFor } from '../http/respond.ts';
import { type Entered, enter, enterAs } from '../http/room-context.ts';
import { pathOf } from '../shared/routes.ts';
import { html, json, type Speech } from '../transports/framing/format.ts';
import { type FileParts, readFormWithFiles } from './attachments/routes.ts';
import { type Command, readCommand } from './command.ts';
import { isKeeper } from './moderation/room-settings.ts';

const SPEECHES = { html, json } as const;

/** Keeping the peace of a room, and saying that one is there. */
export function acts(router: Router, parts: FileParts): void {
  async function readWithFiles(ctx: Context, entered: Entered<Person>): Promise<Command> {
    const { fields, refusal } = await readFormWithFiles(ctx, parts, entered);
    if (refusal) throw refusal;
    return readCommand(fields);
  }

  /** Does something to the room: `do`, and what that needs. */
  router.post('/rooms/:room/acts', async (ctx) => {
    const plain = isMultipart(ctx.req) ? undefined : readCommand(await readFields(ctx.req));
    const entered = await enterAs(ctx, parts);
    const { room, person } = entered;
    const command = plain ?? (await readWithFiles(ctx, entered));
    if (command.do === 'say') throw new Refusal('bad-act');
    const done = await room.do(command, person);
    const { uid, token } = person;
    const path = pathOf(room.name);
    // What changes how the room is kept is done on the page for that. Who has handed the room over
    // does not keep it any more.
    const isKept = done?.change.settings !== undefined && isKeeper(room.settings, person);
    lead(ctx, isKept ? `${path}/keep` : path, { visitor: { uid, token } });
  });

  /** The form that asks the room. */
  router.get('/rooms/:room/ask', async (ctx) => {
    const { room } = await enter(ctx, parts);
    await ctx.render('ask', { room: room.name, path: pathOf(room.name) });
  });

  /** What the one who asks has chosen in the polls of the room. */
  router.get('/rooms/:room/votes', async (ctx) => {
    const { room, person } = await enter(ctx, parts);
    const speech = SPEECHES[typeFor(ctx)];
    speak(ctx, joined(speech, person ? await room.polls.votesOf(person, speech, PAGE_BYTES) : []));
  });

  /** Who is here, and how the room is kept. */
  router.get('/rooms/:room/people', async (ctx) => {
    const { room } = await enter(ctx, parts);
    const speech = SPEECHES[typeFor(ctx)];
    speak(ctx, joined(speech, speech.aside(room.surroundings)));
  });

  /** How the room is kept, for those who keep it. */
  router.get('/rooms/:room/keep', async (ctx) => {
    const { room, person } = await enter(ctx, parts);
    if (!person || !isKeeper(room.settings, person)) throw new Refusal('not-keeper');
    ctx.set('Cache-Control', 'no-store');
    await ctx.render('keep', {
      room: room.name,
      path: pathOf(room.name),
      settings: room.settings,
      people: room.surroundings.people.filter(({ uid }) => uid !== person.uid),
      person,
    });
  });
}

/** Fragments one after the other, or a list of JSON. */
function joined({ type }: Speech, texts: readonly string[]): string {
  return type === 'html' ? texts.join('') : `[${texts.join(',')}]`;
}
