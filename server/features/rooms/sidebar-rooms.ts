import type { Context } from 'koa';
import type { User } from '../../auth/user.ts';
import { signedIn } from '../../http/respond.ts';
import { memberList } from '../memberships/member-list.ts';
import { accessibleRooms } from './accessible-rooms.ts';
import type { ChatRoom } from './chat-room.ts';
import { knownRooms } from './known-rooms.ts';
import type { RoomContextParts } from './room-context.ts';

/** A room in the sidebar, with what is unread there as far as the server knows. */
interface SidebarRoom {
  readonly name: string;
  readonly title: string;
  readonly unread: number;
  readonly mentions: number;
}

/**
 * The rooms of the sidebar: those of a signed-in user, those that the browser visited, and this one.
 * Their order stays as it is. A room that the client may not enter has no title here, but its name.
 */
export async function sidebarRooms(
  ctx: Context,
  parts: RoomContextParts,
  { room, user, address }: { room: ChatRoom; user: User | undefined; address: string },
): Promise<readonly SidebarRoom[]> {
  const member = signedIn(user);
  const memberships = member ? await memberList(ctx.req, parts, member) : [];
  const listed = new Map(memberships.map((membership) => [membership.name, membership]));
  const visited = knownRooms(ctx).filter((name) => name !== room.name && !listed.has(name));
  const accessible = await accessibleRooms(parts, { request: ctx.req, user, address }, visited);
  return [room.name, ...visited, ...listed.keys()]
    .filter((name, index, all) => all.indexOf(name) === index)
    .sort()
    .map((name) => {
      // What is unread here, the page shows.
      const isHere = name === room.name;
      const { title, unread = 0, mentions = 0 } = (!isHere && listed.get(name)) || {};
      const known = isHere ? room.settings.title : (title ?? accessible.get(name)?.title);
      return { name, title: known ?? name, unread, mentions };
    });
}
