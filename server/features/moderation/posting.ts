import type { DatabaseSync } from 'node:sqlite';
import { activeSanction, canModerate } from '../../auth/room-settings.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { Asked, Ballot, Edited, Posted, Reacted } from '../events.ts';
import { voterKeys } from '../polls/voters.ts';
import type { RoomCache } from '../rooms/room-cache.ts';

/** Why a user can't do something in a room now, if there is a reason. */
export interface Permissions {
  /** For messages and polls. If allowed, it counts for slow mode. */
  checkPost(event: Posted | Asked): Outcome | undefined;
  /** For edits and reactions, which are writing, but not a new message. */
  checkWrite(event: Edited | Reacted): Outcome | undefined;
  /** For votes, which a lock and slow mode don't affect. */
  checkVote(event: Ballot): Outcome | undefined;
}

export function permissions(db: DatabaseSync, rooms: RoomCache): Permissions {
  /** By uid and by browser, so that another tab doesn't avoid slow mode. */
  const spoke = db.prepare('SELECT at FROM spoken WHERE room = ? AND uid = ?');
  const speak = db.prepare('INSERT OR REPLACE INTO spoken VALUES (?, ?, ?)');

  function voting({
    room,
    who,
    at,
  }: Posted | Asked | Edited | Reacted | Ballot): Outcome | undefined {
    const settings = rooms.settings(room);
    if (activeSanction(settings, who, 'removed', at)) return rejected('removed');
    return activeSanction(settings, who, 'silenced', at) ? rejected('silenced') : undefined;
  }

  function writing(event: Posted | Asked | Edited | Reacted): Outcome | undefined {
    const hindered = voting(event);
    if (hindered) return hindered;
    const settings = rooms.settings(event.room);
    return settings.isLocked && !canModerate(settings, event.who) ? rejected('locked') : undefined;
  }

  function speaking(event: Posted | Asked): Outcome | undefined {
    const { room, who, at } = event;
    const settings = rooms.settings(room);
    const hindered = writing(event);
    if (hindered) return hindered;
    if (settings.slowS === 0 || canModerate(settings, who)) return undefined;
    const keys = voterKeys(who);
    for (const key of keys) {
      const last = spoke.get(room, key);
      const leftMs = last ? settings.slowS * 1_000 - (at - Number(last.at)) : 0;
      // More than the whole interval is left only if the clock was set back.
      if (leftMs > 0 && leftMs <= settings.slowS * 1_000) {
        return rejected('slow-room', { count: Math.ceil(leftMs / 1_000) });
      }
    }
    for (const key of keys) speak.run(room, key, at);
    return undefined;
  }

  return { checkPost: speaking, checkWrite: writing, checkVote: voting };
}
