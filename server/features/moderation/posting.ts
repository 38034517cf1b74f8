import type { DatabaseSync } from 'node:sqlite';
import {
  canModerate,
  creationDenial,
  slowModeSeconds,
  writeDenial,
} from '../../auth/permissions.ts';
import { type Rejected, rejected } from '../../core/outcome.ts';
import type { MessagePosted } from '../messages/events.ts';
import type { PollCreated } from '../polls/events.ts';
import { voterKeys } from '../polls/voters.ts';
import { isReserved } from '../rooms/reserved-rooms.ts';
import type { RoomCache } from '../rooms/room-cache.ts';

/**
 * Creates the function that checks whether somebody may post a message or a poll now. What it allows
 * counts for slow mode.
 */
export function postingCheck(
  db: DatabaseSync,
  rooms: RoomCache,
): (event: MessagePosted | PollCreated) => Rejected | undefined {
  /** By uid and by browser, so that another tab doesn't avoid slow mode. */
  const last = db.prepare('SELECT at FROM last_posts WHERE room = ? AND uid = ?');
  const record = db.prepare('INSERT OR REPLACE INTO last_posts VALUES (?, ?, ?)');
  return ({ room, who, at }) => {
    const settings = rooms.settings(room);
    const isNew = rooms.find(room) === undefined && !isReserved(room);
    const denial =
      writeDenial(settings, who, at) ?? (isNew ? creationDenial(rooms.server, who) : undefined);
    if (denial) return rejected(denial);
    if (settings.slowModeSeconds === 0 || canModerate(settings, who)) return undefined;
    const keys = voterKeys(who);
    for (const key of keys) {
      const posted = last.get(room, key);
      const count = posted ? slowModeSeconds(settings, who, Number(posted.at), at) : 0;
      if (count > 0) return rejected('slow-mode', { count });
    }
    for (const key of keys) record.run(room, key, at);
    return undefined;
  };
}
