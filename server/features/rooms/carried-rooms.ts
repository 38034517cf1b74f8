import type { DatabaseSync } from 'node:sqlite';
import type { ChatChange } from '../change.ts';
import type { RoomCache } from './room-cache.ts';

/** Rooms of a guest that are carried over. */
const MAX_ROOMS = 100;

/**
 * Creates the function that makes the user a guest became the owner of the guest's rooms: the
 * ownership of a room can be transferred to a guest.
 * @returns the changed settings, each as the change of a room
 */
export function carriedRooms(
  db: DatabaseSync,
  rooms: RoomCache,
): (guest: string, uid: string, seq: number) => ChatChange[] {
  const owned = db.prepare(
    "SELECT name FROM rooms WHERE settings ->> 'owner' = ? ORDER BY name LIMIT ?",
  );
  return (guest, uid, seq) => {
    // Earlier events of the same commit are not in the table yet.
    rooms.write();
    return owned.all(guest, MAX_ROOMS).map(({ name }) => {
      const room = String(name);
      const settings = { ...rooms.settings(room), owner: uid };
      rooms.change(room, settings);
      return { seq, room, settings };
    });
  };
}
