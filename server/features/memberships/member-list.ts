import type { IncomingMessage } from 'node:http';
import type { RoomAccess } from '../../auth/room-access.ts';
import type { User } from '../../auth/user.ts';
import type { NotificationLevel } from '../../shared/notification-levels.ts';
import { accessibleRooms } from '../rooms/accessible-rooms.ts';
import type { ChatRooms } from '../rooms/chat-rooms.ts';

/** Rooms in the list of one user, those that they read last. */
export const MAX_LISTED = 30;
/** Unread messages are counted up to this number. */
const MAX_UNREAD = 100;

interface Parts {
  readonly rooms: ChatRooms;
  readonly roomAccess: RoomAccess;
}

/** A room of a user, with what is unread there. */
interface ListedMembership {
  readonly name: string;
  readonly title: string;
  readonly readId: number;
  readonly unread: number;
  readonly mentions: number;
  readonly notifications: NotificationLevel | null;
}

/** The rooms of a signed-in user that they may enter now, those that they read last first. */
export async function memberList(
  request: IncomingMessage,
  parts: Parts,
  user: User,
): Promise<readonly ListedMembership[]> {
  const memberships = await parts.rooms.memberRooms(user.uid, MAX_LISTED, MAX_UNREAD);
  const client = { request, user, address: user.address };
  const names = memberships.map(({ room }) => room);
  const settings = await accessibleRooms(parts, client, names);
  return memberships.flatMap(({ room: name, ...membership }) => {
    const title = settings.get(name)?.title;
    return title === undefined ? [] : [{ name, title, ...membership }];
  });
}
