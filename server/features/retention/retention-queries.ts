import type { DatabaseSync } from 'node:sqlite';
import { expiryOf } from './keep-days.ts';

/** Rooms examined by one query: others wait for it. */
const PAGE = 500;

/** Some of the rooms, in the order of their names. */
export interface ExpiringRooms {
  /** Those whose oldest message is older than messages are kept there. */
  readonly rooms: readonly string[];
  /** The last room examined; `null` where there are no more. */
  readonly last: string | null;
}

export function retentionQueries(db: DatabaseSync) {
  const page = db.prepare(
    `SELECT name, settings ->> 'keepDays' AS days,
       (SELECT at FROM messages WHERE room = rooms.name ORDER BY id LIMIT 1) AS oldest
     FROM rooms WHERE name > ? ORDER BY name LIMIT ${PAGE}`,
  );
  return {
    /** @param now in milliseconds since 1970 */
    expiringRooms(after: string, now: number, keepDays: number | null): ExpiringRooms {
      const rows = page.all(after);
      const rooms = rows.flatMap(({ name, days, oldest }) => {
        const time = expiryOf(now, keepDays, days === null ? null : Number(days));
        const isDue = time !== undefined && oldest !== null && Number(oldest) < time;
        return isDue ? [String(name)] : [];
      });
      return { rooms, last: rows.length < PAGE ? null : String(rows.at(-1)?.name) };
    },
  };
}
