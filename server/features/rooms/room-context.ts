import type { Context, Middleware } from 'koa';
import { type Identity, tokenOf } from '../../auth/identity.ts';
import type { RoomAccess } from '../../auth/room-access.ts';
import type { User } from '../../auth/user.ts';
import type { Principal } from '../../core/actor.ts';
import { ensureIdentity } from '../../http/respond.ts';
import type { ChatRoom } from './chat-room.ts';
import type { ChatRooms } from './chat-rooms.ts';

/** What the pages of a room depend on. */
export interface RoomContextParts {
  readonly rooms: ChatRooms;
  readonly identity: Identity;
  readonly roomAccess: RoomAccess;
}

/** A room, and who was admitted. */
export interface RoomContext<P> {
  readonly room: ChatRoom;
  readonly user: P;
  /** The same, or what is known of a client without an identity. */
  readonly who: Principal;
  /** The client's address. */
  readonly address: string;
  /** Checks that they still have access. @throws ChatError */
  readonly recheck: () => void;
}

/** The room of a request, for a client with access to it. @throws ChatError for others */
export async function openRoom(
  ctx: Context,
  parts: RoomContextParts,
  name: string | undefined = ctx.params.room,
): Promise<RoomContext<User | undefined>> {
  const entered = await open(ctx, parts, name);
  ctx.state.check = entered.recheck;
  return entered;
}

/** The same for a client that does something there, and has an identity from now on. */
export async function openRoomAsUser(
  ctx: Context,
  parts: RoomContextParts,
): Promise<RoomContext<User>> {
  const entered = await open(ctx, parts, ctx.params.room);
  const user = await ensureIdentity(ctx, parts.identity);
  return { ...entered, user, who: user };
}

async function open(
  ctx: Context,
  { rooms, identity, roomAccess }: RoomContextParts,
  name: string | undefined,
): Promise<RoomContext<User | undefined>> {
  const address = identity.address(ctx.req);
  const user = await identity.authenticate(ctx.req, tokenOf(ctx.req));
  const room = await rooms.open(name);
  const page = ctx.method === 'GET' ? ctx.url : undefined;
  const admission = roomAccess.authorize(room, ctx.req, user, address, page);
  return {
    room,
    user,
    who: admission.who,
    address,
    recheck: () => roomAccess.recheck(room, admission, page),
  };
}

/**
 * Does not send what was read for a client that has lost access to the room: that may happen while
 * the store is queried.
 */
export const recheckAccess: Middleware = async (ctx, next) => {
  const before = new Set(Object.keys(ctx.response.headers));
  await next();
  try {
    ctx.state.check?.();
  } catch (error) {
    // The error has headers of its own.
    for (const name of Object.keys(ctx.response.headers)) if (!before.has(name)) ctx.remove(name);
    throw error;
  }
};
