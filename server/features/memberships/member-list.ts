import type { IncomingMessage } from 'node:http';
import type { RoomAccess } from '../../auth/room-access.ts';
import type { User } from '../../auth/user.ts';
import type { NotificationLevel } from '../../shared/notification-levels.ts';
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
export interface ListedMembership {
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
  { rooms, roomAccess }: Parts,
  user: User,
): Promise<readonly ListedMembership[]> {
  const memberships = await rooms.memberRooms(user.uid, MAX_LISTED, MAX_UNREAD);
  const settings = await rooms.settingsOf(memberships.map(({ room }) => room));
  return memberships.flatMap(({ room: name, ...membership }) => {
    const known = settings.get(name);
    if (!known || !roomAccess.mayEnter({ name, settings: known }, request, user, user.address))
      return [];
    return [{ name, title: known.title, ...membership }];
  });
}

/** The titles of these rooms, of those that the client may enter: they show nothing else. */
export async function roomTitles(
  request: IncomingMessage,
  { rooms, roomAccess }: Parts,
  user: User | undefined,
  address: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const settings = await rooms.settingsOf(names);
  const open = [...settings].filter(([name, known]) =>
    roomAccess.mayEnter({ name, settings: known }, request, user, address),
  );
  return new Map(open.map(([name, { title }]) => [name, title]));
}
