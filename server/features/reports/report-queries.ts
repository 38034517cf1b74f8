import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../core/message.ts';
import { formerGuests } from '../accounts/former-guests.ts';

/** A message that users reported. */
export interface ReportedMessage {
  readonly message: Message;
  /** How many users. */
  readonly count: number;
  /** Those that were given. */
  readonly reasons: readonly string[];
}

interface ReportList {
  readonly reported: readonly ReportedMessage[];
  /** Where the next page starts: what its `before` is. */
  readonly next: number | undefined;
}

/** Which reports are listed. */
interface ReportRequest {
  /** Those of this room; `null` for all rooms. */
  readonly room: string | null;
  /** Who reads them: what they wrote themselves is left out. */
  readonly reader: string;
  /** Of messages with smaller ids. */
  readonly before: number;
  readonly limit: number;
}

const FIELDS = 'message, count(*) AS n, json_group_array(reason) AS reasons';

/** Queries of reports that wait for a moderator, those of the latest messages first. */
export function reportQueries(db: DatabaseSync) {
  const inRoom = db.prepare(
    `SELECT ${FIELDS} FROM reports INDEXED BY reports_in WHERE is_open = 1 AND room = ?
       AND message < ? GROUP BY message ORDER BY message DESC LIMIT ?`,
  );
  const inAll = db.prepare(
    `SELECT ${FIELDS} FROM reports INDEXED BY reports_open WHERE is_open = 1
       AND message < ? GROUP BY message ORDER BY message DESC LIMIT ?`,
  );
  const find = db.prepare('SELECT * FROM messages WHERE id = ?');
  const { authorOf } = formerGuests(db);
  return {
    reports({ room, reader, before, limit }: ReportRequest): ReportList {
      const found =
        room === null ? inAll.all(before, limit + 1) : inRoom.all(room, before, limit + 1);
      const rows = found.slice(0, limit);
      const reported = rows.flatMap((row) => {
        // node:sqlite types a row by its columns' values only; the schema says which they are.
        const message = find.get(Number(row.message)) as Message | undefined;
        if (!message || authorOf(message).uid === reader) return [];
        const reasons: readonly string[] = JSON.parse(String(row.reasons));
        return [{ message, count: Number(row.n), reasons: reasons.filter(Boolean) }];
      });
      const next = found.length > limit ? Number(rows.at(-1)?.message) : undefined;
      return { reported, next };
    },
  };
}
