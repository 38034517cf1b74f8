import type { DatabaseSync } from 'node:sqlite';
import { OWN_UIDS } from '../accounts/former-guests.ts';
import { FLOOR } from '../moderation/clear-history.ts';
import type { MemberRoom, Membership } from './membership.ts';
import { membershipTable } from './membership-table.ts';

/** Queries of a user's memberships. */
export function membershipQueries(db: DatabaseSync) {
  const { find } = membershipTable(db);
  const rooms = db.prepare(
    `SELECT room, read_id AS readId, notifications FROM memberships
     WHERE uid = ? ORDER BY seq DESC LIMIT ?`,
  );
  const unread = db.prepare(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM messages
        WHERE room = ?1 AND id > max(?2, ${FLOOR} - 1) AND kind IN ('message', 'poll')
          AND uid NOT IN ${OWN_UIDS} LIMIT ?4)`,
  );
  const mentions = db.prepare(
    `SELECT count(*) AS n FROM
       (SELECT 1 FROM mentions
        WHERE uid = ?3 AND room = ?1 AND message > max(?2, ${FLOOR} - 1) LIMIT ?4)`,
  );
  return {
    /** What is stored of a user in a room; `undefined` where they never were. */
    membership: (uid: string, room: string): Membership | undefined => find(uid, room),
    /**
     * The rooms of a user, those that they read last first, with what is unread there.
     * @param limit of rooms
     * @param maxUnread how far unread messages are counted
     */
    memberRooms: (uid: string, limit: number, maxUnread: number): MemberRoom[] =>
      rooms.all(uid, limit).map((row) => {
        const { room, readId, notifications } = row as unknown as Membership & { room: string };
        const query = [room, readId, uid, maxUnread] as const;
        return {
          ...{ room, readId, notifications },
          unread: Number(unread.get(...query)?.n),
          mentions: Number(mentions.get(...query)?.n),
        };
      }),
  };
}
