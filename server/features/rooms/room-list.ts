import type { Context } from 'koa';
import type Router from 'koa-router';
import { tokenOf } from '../../auth/identity.ts';
import { hashRoomPassword } from '../../auth/room-password.ts';
import type { User } from '../../auth/user.ts';
import { ChatError, type ErrorCode } from '../../core/errors.ts';
import { acceptedFormat, wantsJson } from '../../http/request/accepted-format.ts';
import { readFields } from '../../http/request/body.ts';
import { redirectOrJson, setErrorHeaders, signedIn, stringField } from '../../http/respond.ts';
import type { RequestLimiter } from '../../limits/shared-rate-limits.ts';
import { toRoomName } from '../../shared/room-name.ts';
import { roomPath } from '../../shared/routes.ts';
import { clientIdOf, newClientId, withFreshId } from '../client-id.ts';
import { memberList } from '../memberships/member-list.ts';
import type { ChatRoom } from './chat-room.ts';
import { parseCreateRoom } from './commands.ts';
import type { RoomContextParts } from './room-context.ts';
import { nearestName, parseRoomName, roomNameOf } from './room-name.ts';
import { MAX_TITLE_UNITS } from './room-title.ts';

const MAX_LISTED = 100;

interface Parts extends RoomContextParts {
  /** The rate limit of new rooms from one address. */
  readonly limits: RequestLimiter;
}

/** The field of the form that an error is about; others are about the form. */
const FIELD_BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  'invalid-title': 'title',
  'invalid-room-name': 'title',
  'room-exists': 'title',
  'invalid-topic': 'topic',
  'invalid-password': 'password',
};

/** The list of public rooms, and creating a room. */
export function roomListRoutes(router: Router, parts: Parts): void {
  const { rooms: lobby, identity, limits } = parts;

  /** The public rooms; or, if a form sends a `name`, a redirect to that room. */
  router.get('/rooms', async (ctx) => {
    if (ctx.query.name !== undefined) {
      const text = String(ctx.query.name);
      const name = roomNameOf(text) ?? nearestName(text);
      if (!name) throw new ChatError('invalid-room-name');
      ctx.redirect(roomPath(name));
      return;
    }
    ctx.set('Cache-Control', 'no-store');
    if (wantsJson(ctx.req)) {
      ctx.body = { rooms: await lobby.listPublic(MAX_LISTED) };
      return;
    }
    await showRooms(ctx, await identity.authenticate(ctx.req, tokenOf(ctx.req)));
  });

  router.get('/random', async (ctx) => {
    const rooms = await lobby.listPublic(MAX_LISTED);
    const room = rooms[Math.floor(Math.random() * rooms.length)];
    ctx.set('Cache-Control', 'no-store');
    ctx.redirect(roomPath(room?.name ?? 'lobby'));
  });

  /**
   * Creates a room: `title`, and optionally `name` (derived from the title), `topic`, `password` and
   * `listed`. A form comes back filled in, with the error.
   */
  router.post('/rooms', async (ctx) => {
    const user = await identity.authenticate(ctx.req, undefined);
    const fields = await readFields(ctx.req);
    try {
      const room = await createRoom(user, fields);
      ctx.status = 201;
      redirectOrJson(ctx, roomPath(room.name), { name: room.name, title: room.settings.title });
    } catch (error) {
      if (!(error instanceof ChatError) || acceptedFormat(ctx.req) !== 'html') throw error;
      setErrorHeaders(ctx, error);
      await showRooms(ctx, user, { fields, error });
    }
  });

  async function createRoom(user: User | undefined, fields: unknown): Promise<ChatRoom> {
    if (!user?.session) throw new ChatError('sign-in-required');
    const name = stringField(fields, 'name').trim();
    const title = stringField(fields, 'title') || name;
    const { password, listed, ...how } = parseCreateRoom({ ...Object(fields), title });
    const address = parseRoomName(name || toRoomName(how.title));
    if (!limits.take(user.address)) throw new ChatError('rate-limited');
    const room = await lobby.open(address);
    const settings = { ...how, isListed: listed, passwordHash: hashRoomPassword(password) };
    await withFreshId(clientIdOf(Object(fields)), (cid) => room.create(user, settings, cid));
    return room;
  }

  /** @param refused the form that was refused, and why */
  async function showRooms(
    ctx: Context,
    user: User | undefined,
    refused?: { readonly fields: unknown; readonly error: ChatError },
  ): Promise<void> {
    const value = (name: string) => stringField(refused?.fields, name);
    const { code, details } = refused?.error ?? {};
    const title = (value('title') || value('name')).slice(0, MAX_TITLE_UNITS);
    const member = signedIn(user);
    const memberships = member ? await memberList(ctx.req, parts, member) : [];
    const listed = await lobby.listPublic(MAX_LISTED);
    await ctx.render('rooms', {
      rooms: listed.map((room) => ({
        ...{ unread: 0, mentions: 0 },
        ...memberships.find(({ name }) => name === room.name),
        ...room,
      })),
      memberships: memberships.filter(({ name }) => !listed.some((room) => room.name === name)),
      roomPath,
      cid: newClientId(),
      person: signedIn(user),
      title,
      address: toRoomName(title),
      topic: value('topic'),
      password: value('password'),
      kind: value('kind') === 'class' ? 'class' : 'chat',
      isListed: refused === undefined || value('listed') !== '',
      error: code && ctx.state.t(code, details),
      wrong: code && FIELD_BY_CODE[code],
    });
  }
}
