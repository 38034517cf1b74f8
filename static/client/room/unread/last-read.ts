import { readLocalMap, writeLocalEntry } from '../../lib/storage.ts';

/** How many rooms are remembered; the least recently read is dropped. */
const MAX_ROOMS = 30;

const KEY = 'seen';

/** The last message read in each room, by its name; the most recent room is last. */
export function lastReadByRoom(): ReadonlyMap<string, number> {
  return readLocalMap(KEY);
}

/** The last message read in a room; nothing if it was not visited. */
export function lastRead(room: string): number | undefined {
  return lastReadByRoom().get(room);
}

/** A message of a room was on the screen. */
export function markRead(room: string, id: number): void {
  if (id !== lastRead(room)) writeLocalEntry(KEY, room, id, MAX_ROOMS);
}
