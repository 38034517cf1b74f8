import type { DatabaseSync } from 'node:sqlite';
import type { Membership, MembershipChange } from './membership.ts';

/** Rooms of one user; of more, the one whose membership changed first is forgotten. */
const MAX_ROOMS = 200;

interface MembershipTable {
  find(uid: string, room: string): Membership | undefined;
  /** Returns the membership after the change. @param seq the event that changes it */
  change(change: MembershipChange, seq: number): Membership;
  /** The room is gone: nobody was in it. */
  removeIn(room: string): void;
  /** The user is gone: so is all that is stored of where they were, and what they read. */
  release(uid: string): void;
}

export function membershipTable(db: DatabaseSync): MembershipTable {
  const find = db.prepare(
    'SELECT read_id AS readId, notifications FROM memberships WHERE uid = ? AND room = ?',
  );
  const upsert = db.prepare(
    `INSERT INTO memberships VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT DO UPDATE SET read_id = max(read_id, ?3),
       notifications = coalesce(?4, notifications), seq = ?5`,
  );
  const surplus = db.prepare(
    'SELECT room FROM memberships WHERE uid = ? ORDER BY seq DESC, room DESC LIMIT -1 OFFSET ?',
  );
  const remove = db.prepare('DELETE FROM memberships WHERE uid = ? AND room = ?');
  const removeMentions = db.prepare(
    'DELETE FROM mentions WHERE uid = ? AND room = ? AND message <= ?',
  );
  const removeIn = db.prepare('DELETE FROM memberships WHERE room = ?');
  const removeAll = db.prepare('DELETE FROM memberships WHERE uid = ?');
  const removeAllMentions = db.prepare('DELETE FROM mentions WHERE uid = ?');

  function membership(uid: string, room: string): Membership | undefined {
    const row = find.get(uid, room);
    return (
      row && {
        readId: Number(row.readId),
        notifications: row.notifications as Membership['notifications'],
      }
    );
  }

  return {
    find: membership,
    change({ uid, room, readId, notifications }, seq) {
      const before = membership(uid, room);
      // Nobody has read what is not posted yet.
      const read = Math.min(readId ?? 0, seq);
      upsert.run(uid, room, read, notifications, seq);
      if (readId !== null) removeMentions.run(uid, room, read);
      if (!before) {
        for (const row of surplus.all(uid, MAX_ROOMS)) {
          remove.run(uid, String(row.room));
          removeMentions.run(uid, String(row.room), Number.MAX_SAFE_INTEGER);
        }
      }
      return {
        readId: Math.max(before?.readId ?? 0, read),
        notifications: notifications ?? before?.notifications ?? null,
      };
    },
    removeIn(room) {
      removeIn.run(room);
    },
    release(uid) {
      removeAll.run(uid);
      removeAllMentions.run(uid);
    },
  };
}
