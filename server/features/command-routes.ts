import type { Context } from 'koa';
import type Router from 'koa-router';
import type { User } from '../auth/user.ts';
import { ChatError } from '../core/errors.ts';
import { PAGE_BYTES } from '../core/room-history.ts';
import { readFields } from '../http/request/body.ts';
import { isMultipart } from '../http/request/multipart.ts';
import { redirectOrJson, respond, typeFor } from '../http/respond.ts';
import { openRoom, openRoomAsUser, type RoomContext } from '../http/room-context.ts';
import { roomPath } from '../shared/routes.ts';
import { type Format, html, json } from '../transports/framing/format.ts';
import { type FileParts, readFormWithFiles } from './attachments/routes.ts';
import { type Command, parseCommand } from './command.ts';
import { canModerate } from './moderation/room-settings.ts';

const FORMATS = { html, json } as const;

/** Keeping the peace of a room, and saying that one is there. */
export function commandRoutes(router: Router, parts: FileParts): void {
  async function readWithFiles(ctx: Context, entered: RoomContext<User>): Promise<Command> {
    const { fields, fileError } = await readFormWithFiles(ctx, parts, entered);
    if (fileError) throw fileError;
    return parseCommand(fields);
  }

  /** Does something to the room: `do`, and what that needs. */
  router.post('/rooms/:room/acts', async (ctx) => {
    const plain = isMultipart(ctx.req) ? undefined : parseCommand(await readFields(ctx.req));
    const entered = await openRoomAsUser(ctx, parts);
    const { room, user } = entered;
    const command = plain ?? (await readWithFiles(ctx, entered));
    if (command.do === 'say') throw new ChatError('bad-act');
    const done = await room.execute(command, user);
    const { uid, token } = user;
    const path = roomPath(room.name);
    // What changes how the room is kept is done on the page for that. Who has handed the room over
    // does not keep it any more.
    const isKept = done?.change.settings !== undefined && canModerate(room.settings, user);
    redirectOrJson(ctx, isKept ? `${path}/keep` : path, { visitor: { uid, token } });
  });

  /** The form that asks the room. */
  router.get('/rooms/:room/ask', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    await ctx.render('ask', { room: room.name, path: roomPath(room.name) });
  });

  /** What the one who asks has chosen in the polls of the room. */
  router.get('/rooms/:room/votes', async (ctx) => {
    const { room, user } = await openRoom(ctx, parts);
    const format = FORMATS[typeFor(ctx)];
    respond(ctx, joined(format, user ? await room.polls.votesOf(user, format, PAGE_BYTES) : []));
  });

  /** Who is here, and how the room is kept. */
  router.get('/rooms/:room/people', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    const format = FORMATS[typeFor(ctx)];
    respond(ctx, joined(format, format.state(room.presence)));
  });

  /** How the room is kept, for those who keep it. */
  router.get('/rooms/:room/keep', async (ctx) => {
    const { room, user } = await openRoom(ctx, parts);
    if (!user || !canModerate(room.settings, user)) throw new ChatError('not-keeper');
    ctx.set('Cache-Control', 'no-store');
    await ctx.render('keep', {
      room: room.name,
      path: roomPath(room.name),
      settings: room.settings,
      people: room.presence.people.filter(({ uid }) => uid !== user.uid),
      person: user,
    });
  });
}

/** Fragments one after the other, or a list of JSON. */
function joined({ type }: Format, texts: readonly string[]): string {
  return type === 'html' ? texts.join('') : `[${texts.join(',')}]`;
}
