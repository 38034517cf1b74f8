import type { Context, Middleware } from 'koa';
import { type People, tokenOf } from '../auth/identity.ts';
import type { Door } from '../auth/room-access.ts';
import type { Person } from '../auth/user.ts';
import type { Room } from '../core/room.ts';
import type { Lobby } from '../core/room-registry.ts';
import { identify } from './respond.ts';

/** What the pages of a room are made with. */
export interface EntryParts {
  readonly lobby: Lobby;
  readonly people: People;
  readonly door: Door;
}

/** A room, and who is let in. */
export interface Entered<P> {
  readonly room: Room;
  readonly person: P;
  /** Where the request comes from. */
  readonly address: string;
  /** Looks whether they may be in it still. @throws Refusal */
  readonly check: () => void;
}

/** The room of a request, for somebody who may be in it. @throws Refusal for others */
export async function enter(
  ctx: Context,
  parts: EntryParts,
  name: string | undefined = ctx.params.room,
): Promise<Entered<Person | undefined>> {
  const entered = await admit(ctx, parts, name);
  ctx.state.check = entered.check;
  return entered;
}

/** The same for one who does something there, and is somebody from now on. */
export async function enterAs(ctx: Context, parts: EntryParts): Promise<Entered<Person>> {
  const entered = await admit(ctx, parts, ctx.params.room);
  return { ...entered, person: await identify(ctx, parts.people) };
}

async function admit(
  ctx: Context,
  { lobby, people, door }: EntryParts,
  name: string | undefined,
): Promise<Entered<Person | undefined>> {
  const address = people.address(ctx.req);
  const person = await people.find(ctx.req, tokenOf(ctx.req));
  const room = await lobby.room(name);
  const page = ctx.method === 'GET' ? ctx.url : undefined;
  const admission = door.enter(room, ctx.req, person, address, page);
  return { room, person, address, check: () => door.check(room, admission, page) };
}

/**
 * What was read for somebody who may not be in the room any more does not go out: it may have been
 * closed to them while the store was asked.
 */
export const checkAgain: Middleware = async (ctx, next) => {
  const before = new Set(Object.keys(ctx.response.headers));
  await next();
  try {
    ctx.state.check?.();
  } catch (error) {
    // What is told instead is another answer.
    for (const name of Object.keys(ctx.response.headers)) if (!before.has(name)) ctx.remove(name);
    throw error;
  }
};
