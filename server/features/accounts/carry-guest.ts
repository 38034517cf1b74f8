import type { DatabaseSync } from 'node:sqlite';
import type { ChatChange } from '../change.ts';
import { carriedVotes } from '../polls/carried-votes.ts';
import { carriedReactions } from '../reactions/carried-reactions.ts';
import { carriedRooms } from '../rooms/carried-rooms.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { formerGuests } from './former-guests.ts';

/** A guest signs in, and becomes a user. */
interface Carried {
  readonly guest: string;
  readonly uid: string;
  /** The event of the sign-in. */
  readonly seq: number;
}

/**
 * Creates the function that carries over what a guest had to the user they become: it is theirs from
 * then on, and what both did is counted once. A guest becomes a user once: signed out, the tab is
 * another guest.
 * @returns who it was, and what changed in rooms; `undefined` where the guest had become a user before
 */
export function carryGuest(
  db: DatabaseSync,
  rooms: RoomCache,
): (carried: Carried) => Pick<ChatChange, 'carriedGuest' | 'inRooms'> | undefined {
  const { add } = formerGuests(db);
  const parts = [carriedRooms(db, rooms), carriedReactions(db), carriedVotes(db)];
  return ({ guest, uid, seq }) => {
    if (!add(guest, uid, seq)) return undefined;
    return { carriedGuest: guest, inRooms: parts.flatMap((carry) => carry(guest, uid, seq)) };
  };
}
