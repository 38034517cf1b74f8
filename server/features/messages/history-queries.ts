import type { DatabaseSync } from 'node:sqlite';
import type { HistoryStore, Page } from '../../core/history-store.ts';
import type { Message } from '../../core/message.ts';
import { pageOf } from '../../storage/page.ts';
import type { Served } from '../../storage/worker-client.ts';
import { OWN_UIDS } from '../accounts/former-guests.ts';
import { FLOOR } from '../moderation/clear-history.ts';

/**
 * UTF-16 units of messages in one answer: what a room starts with or a page of history shows; and
 * what follows a cursor, of which little is sent at once.
 */
const MAX_LENGTH = { page: 1024 * 1024, chunk: 64 * 1024 } as const;

/** What changed in the room `?1` after the position (`?2`, `?3`), in SQL: see messages_changed. */
const CHANGED = `seq >= max(?2, ${FLOOR}) AND (seq > ?2 OR id > ?3)`;

/** Queries of the messages of rooms: what each is for, core/ says. */
export function historyQueries(db: DatabaseSync): Served<HistoryStore> {
  const changed = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND ${CHANGED} AND id > ?4 ORDER BY seq, id LIMIT ?5`,
  );
  const posted = db.prepare(
    `SELECT * FROM messages
     WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) AND kind IN ('message', 'poll')
     ORDER BY id LIMIT ?3`,
  );
  const count = db.prepare(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM messages WHERE room = ?1 AND ${CHANGED} LIMIT ?4)`,
  );
  const latest = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND seq >= ${FLOOR}
     ORDER BY seq DESC, id DESC LIMIT ?2`,
  );
  const before = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id < ?2 AND id >= ${FLOOR}
     ORDER BY id DESC LIMIT ?3`,
  );
  const after = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) ORDER BY id LIMIT ?3`,
  );
  const countAfter = db.prepare(
    `SELECT count(*) AS n, min(at) AS since FROM
       (SELECT at FROM messages
        WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) AND kind IN ('message', 'poll')
          AND uid NOT IN ${OWN_UIDS} ORDER BY id LIMIT ?4)`,
  );
  const message = db.prepare(
    `SELECT * FROM messages WHERE room = ?1 AND id = ?2 AND id >= ${FLOOR}`,
  );
  return {
    changedSince: (room, { seq, id }, floor, limit) =>
      pageOf(changed.iterate(room, seq, id, floor, limit + 1), limit, MAX_LENGTH.chunk),
    postedAfter: (room, id, limit) =>
      pageOf(posted.iterate(room, id, limit + 1), limit, MAX_LENGTH.chunk),
    countSince: (room, { seq, id }, limit) => Number(count.get(room, seq, id, limit)?.n),
    latest: (room, limit) => inOrder(page(latest.iterate(room, limit + 1), limit)),
    before: (room, id, limit) => inOrder(page(before.iterate(room, id, limit + 1), limit)),
    after: (room, id, limit) => page(after.iterate(room, id, limit + 1), limit),
    countAfter(...query) {
      const { n, since = null } = countAfter.get(...query) ?? {};
      return { count: Number(n), since: since === null ? null : Number(since) };
    },
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    message: (room, id) => message.get(room, id) as unknown as Message | undefined,
  };
}

function page(rows: Iterable<unknown>, limit: number): Page {
  return pageOf(rows, limit, MAX_LENGTH.page);
}

/** Turns messages that were read newest first into their order. */
function inOrder({ messages, isMore }: Page): Page {
  return { messages: messages.toReversed(), isMore };
}
