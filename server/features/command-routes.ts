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
import { kindsWith, pollKinds } from './polls/poll-kinds.ts';

const FORMATS = { html, json } as const;

/** Commands of a room, and the pages and lists that belong to them. */
export function commandRoutes(router: Router, parts: FileParts): void {
  async function readWithFiles(ctx: Context, entered: RoomContext<User>): Promise<Command> {
    const { fields, fileError } = await readFormWithFiles(ctx, parts, entered);
    if (fileError) throw fileError;
    return parseCommand(fields);
  }

  /** Executes a command: `do`, and its fields. */
  router.post('/rooms/:room/acts', async (ctx) => {
    const plain = isMultipart(ctx.req) ? undefined : parseCommand(await readFields(ctx.req));
    const entered = await openRoomAsUser(ctx, parts);
    const { room, user } = entered;
    const command = plain ?? (await readWithFiles(ctx, entered));
    if (command.do === 'say') throw new ChatError('bad-act');
    const done = await room.execute(command, user);
    const { uid, token } = user;
    const path = roomPath(room.name);
    // A change of the settings leads back to their page, unless the user has just transferred the
    // ownership.
    const isKept = done?.change.settings !== undefined && canModerate(room.settings, user);
    redirectOrJson(ctx, isKept ? `${path}/keep` : path, { visitor: { uid, token } });
  });

  /** The form that creates a poll. */
  router.get('/rooms/:room/ask', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    const path = roomPath(room.name);
    await ctx.render('ask', { room: room.name, path, kinds: pollKinds, kindsWith });
  });

  /** The votes of the user in the polls of the room. */
  router.get('/rooms/:room/votes', async (ctx) => {
    const { room, user } = await openRoom(ctx, parts);
    const format = FORMATS[typeFor(ctx)];
    respond(ctx, joined(format, user ? await room.polls.votesOf(user, format, PAGE_BYTES) : []));
  });

  /** Presence and the state of the room. */
  router.get('/rooms/:room/people', async (ctx) => {
    const { room } = await openRoom(ctx, parts);
    const format = FORMATS[typeFor(ctx)];
    respond(ctx, joined(format, format.state(room.presence)));
  });

  /** The room settings, for moderators. */
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

/** Concatenated fragments, or a JSON array. */
function joined({ type }: Format, texts: readonly string[]): string {
  return type === 'html' ? texts.join('') : `[${texts.join(',')}]`;
}
