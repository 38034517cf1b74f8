import type { Context } from 'koa';
import type { Door } from '../chat/door.ts';
import type { Lobby } from '../chat/lobby.ts';
import type { Room } from '../chat/room.ts';
import { type People, tokenOf } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import { identify } from './guest.ts';

/** What the pages of a room are made with. */
export interface EntryParts {
  readonly lobby: Lobby;
  readonly people: People;
  readonly door: Door;
}

/** The room of a request, for somebody who may be in it. @throws Refusal for others */
export async function enter(
  ctx: Context,
  { lobby, people, door }: EntryParts,
  name: string | undefined = ctx.params.room,
): Promise<{ readonly room: Room; readonly person: Person | undefined }> {
  const person = await people.find(ctx.req, tokenOf(ctx.req));
  const room = await lobby.room(name);
  const page = ctx.method === 'GET' ? ctx.url : undefined;
  door.enter(room, ctx.req, person, people.address(ctx.req), page);
  return { room, person };
}

/** The same for one who does something there, and is somebody from now on. */
export async function enterAs(
  ctx: Context,
  parts: EntryParts,
): Promise<{ readonly room: Room; readonly person: Person }> {
  const { room } = await enter(ctx, parts);
  return { room, person: await identify(ctx, parts.people) };
}
