import type { Context } from 'koa';
import type { User } from '../../auth/user.ts';
import { signedIn } from '../../http/respond.ts';
import { MAX_LISTED } from '../memberships/member-list.ts';
import { accessibleRooms } from './accessible-rooms.ts';
import type { ChatRoom } from './chat-room.ts';
import { knownRooms } from './known-rooms.ts';
import type { RoomContextParts } from './room-context.ts';

/** Public rooms among them: those with the latest messages. */
const MAX_PUBLIC = 50;

/**
 * The titles of the rooms that a client knows of and may enter now, by name: this one, those of a
 * signed-in user, those that the browser visited, and public ones. An unlisted room is known only to
 * users who were there.
 */
export async function readableRooms(
  ctx: Context,
  parts: RoomContextParts,
  { room, user, address }: { room: ChatRoom; user: User | undefined; address: string },
): Promise<ReadonlyMap<string, string>> {
  const member = signedIn(user);
  const memberships = member ? await parts.rooms.memberRooms(member.uid, MAX_LISTED, 0) : [];
  const listed = await parts.rooms.listPublic(MAX_PUBLIC);
  const names = [
    ...memberships.map((membership) => membership.room),
    ...knownRooms(ctx),
    ...listed.map(({ name }) => name),
  ];
  const accessible = await accessibleRooms(parts, { request: ctx.req, user, address }, [
    ...new Set(names),
  ]);
  const titles = Array.from(accessible, ([name, { title }]) => [name, title] as const);
  return new Map([...titles, [room.name, room.settings.title]]);
}
