import { readLocalMap, writeLocalEntry } from '../lib/storage.ts';

/** Rooms that are remembered; the one not seen for longest is forgotten. */
const MOST = 30;

const KEY = 'seen';

/** The last message seen in each room one has been in, by the room's name; the room seen last stands last. */
export function lastReadByRoom(): ReadonlyMap<string, number> {
  return readLocalMap(KEY);
}

/** The last message seen in a room; nothing where one has not been in it. */
export function lastRead(room: string): number | undefined {
  return lastReadByRoom().get(room);
}

/** A message of a room was on the screen. */
export function markRead(room: string, id: number): void {
  if (id !== lastRead(room)) writeLocalEntry(KEY, room, id, MOST);
}
