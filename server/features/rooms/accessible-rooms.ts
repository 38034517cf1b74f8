import type { IncomingMessage } from 'node:http';
import type { RoomAccess } from '../../auth/room-access.ts';
import type { Settings } from '../../auth/room-settings.ts';
import type { User } from '../../auth/user.ts';
import type { ChatRooms } from './chat-rooms.ts';

interface Parts {
  readonly rooms: ChatRooms;
  readonly roomAccess: RoomAccess;
}

/** Who asks for rooms. */
export interface Client {
  readonly request: IncomingMessage;
  readonly user: User | undefined;
  readonly address: string;
}

/** The settings of those of the rooms in which something was done, and that the client may enter now. */
export async function accessibleRooms(
  { rooms, roomAccess }: Parts,
  { request, user, address }: Client,
  names: readonly string[],
): Promise<ReadonlyMap<string, Settings>> {
  const known = await rooms.settingsOf(names);
  const mayEnter = ([name, settings]: [string, Settings]) =>
    roomAccess.mayEnter({ name, settings }, request, user, address);
  return new Map([...known].filter(mayEnter));
}
