import type { DatabaseSync } from 'node:sqlite';

/** Reports of a room that are stored, of dismissed ones as well. */
const MAX_STORED = 1_000;

/** The reports of messages: one for each message and user. */
interface ReportTable {
  has(message: number, uid: string): boolean;
  /** How many of a room wait for a moderator. */
  countOpen(room: string): number;
  /** How many a user made since a time. */
  countBy(uid: string, since: number): number;
  add(report: {
    readonly message: number;
    readonly uid: string;
    readonly room: string;
    readonly reason: string;
    readonly at: number;
  }): void;
  /** Dismisses those of a message. Returns how many. A user can't report it again. */
  dismiss(message: number): number;
  /** The message was deleted. */
  remove(message: number): void;
  removeAll(room: string): void;
}

export function reportTable(db: DatabaseSync): ReportTable {
  const select = db.prepare('SELECT 1 FROM reports WHERE message = ? AND uid = ?');
  const open = db.prepare('SELECT count(*) AS n FROM reports WHERE room = ? AND is_open = 1');
  const all = db.prepare('SELECT count(*) AS n FROM reports WHERE room = ?');
  const by = db.prepare('SELECT count(*) AS n FROM reports WHERE uid = ? AND at > ?');
  const insert = db.prepare(
    `INSERT INTO reports (message, uid, room, reason, at, is_open)
     VALUES (:message, :uid, :room, :reason, :at, 1)`,
  );
  const close = db.prepare(
    "UPDATE reports SET is_open = 0, reason = '' WHERE message = ? AND is_open = 1",
  );
  const forget = db.prepare('DELETE FROM reports WHERE room = ? AND is_open = 0');
  const remove = db.prepare('DELETE FROM reports WHERE message = ?');
  const removeAll = db.prepare('DELETE FROM reports WHERE room = ?');
  return {
    has: (message, uid) => select.get(message, uid) !== undefined,
    countOpen: (room) => Number(open.get(room)?.n),
    countBy: (uid, since) => Number(by.get(uid, since)?.n),
    add(report) {
      if (Number(all.get(report.room)?.n) >= MAX_STORED) forget.run(report.room);
      insert.run(report);
    },
    dismiss: (message) => Number(close.run(message).changes),
    remove: (message) => void remove.run(message),
    removeAll: (room) => void removeAll.run(room),
  };
}
