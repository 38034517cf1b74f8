import { readLocal, readLocalMap, writeLocal, writeLocalEntry } from '../../lib/storage.ts';

/** How many rooms are remembered; the least recently read is dropped. */
const MAX_ROOMS = 30;

/** What the guests of this browser have read. */
const KEY = 'seen';
/** What the user that it is signed in as has read: the server stores it, too. */
const USER_KEY = 'seen-user';

interface OfUser {
  readonly uid: string;
  readonly rooms: readonly (readonly [string, number])[];
}

/** The last message read in each room, by its name; the most recent room is last. */
export function lastReadByRoom(): ReadonlyMap<string, number> {
  return readLocalMap(KEY);
}

/**
 * The last message read in a room; nothing if it was not visited.
 * @param uid of the user that the browser is signed in as: what they had read as a guest counts, too
 */
export function lastRead(room: string, uid?: string): number | undefined {
  const asGuest = lastReadByRoom().get(room);
  const asUser = uid === undefined ? undefined : ofUser(uid).get(room);
  if (asGuest === undefined || asUser === undefined) return asGuest ?? asUser;
  return Math.max(asGuest, asUser);
}

/** A message of a room was on the screen. */
export function markRead(room: string, id: number, uid?: string): void {
  if (id === lastRead(room, uid)) return;
  if (uid === undefined) writeLocalEntry(KEY, room, id, MAX_ROOMS);
  else {
    const rooms = ofUser(uid);
    rooms.delete(room);
    rooms.set(room, id);
    writeOfUser(uid, rooms);
  }
}

/**
 * What the guests had read is the user's now. It is kept as such: the server may have answered with
 * the page of a room before it stored this.
 */
export function giveToUser(uid: string): void {
  const rooms = ofUser(uid);
  for (const [room, id] of lastReadByRoom()) rooms.set(room, Math.max(id, rooms.get(room) ?? 0));
  writeOfUser(uid, rooms);
  writeLocal(KEY, []);
}

function ofUser(uid: string): Map<string, number> {
  const stored = readLocal<OfUser>(USER_KEY, { uid, rooms: [] });
  return new Map(stored.uid === uid ? stored.rooms : []);
}

function writeOfUser(uid: string, rooms: ReadonlyMap<string, number>): void {
  writeLocal(USER_KEY, { uid, rooms: [...rooms].slice(-MAX_ROOMS) } satisfies OfUser);
}
