import { keepInMap, keptMap } from '../lib/storage.ts';

/** Rooms that are remembered; the one not seen for longest is forgotten. */
const MOST = 30;

const KEY = 'seen';

/** The last message seen in each room one has been in, by the room's name; the room seen last stands last. */
export function seen(): ReadonlyMap<string, number> {
  return keptMap(KEY);
}

/** The last message seen in a room; nothing where one has not been in it. */
export function lastSeen(room: string): number | undefined {
  return seen().get(room);
}

/** A message of a room was on the screen. */
export function see(room: string, id: number): void {
  if (id !== lastSeen(room)) keepInMap(KEY, room, id, MOST);
}
