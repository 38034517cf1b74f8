import type { DatabaseSync } from 'node:sqlite';
import type { NextSeq } from '../../storage/sequence.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { MembershipsChanged } from './events.ts';
import { membershipTable } from './membership-table.ts';

/** What users have read, and what they are notified of. */
export function applyMemberships(
  db: DatabaseSync,
  number: NextSeq,
): EventHandlers<MembershipsChanged, ChatOutcome> {
  const table = membershipTable(db);
  const isUser = db.prepare('SELECT 1 FROM names WHERE uid = ?');
  return {
    'memberships-changed': ({ kind, changes, at }) => {
      const seq = number(kind, '', '', at);
      // Of a user who has signed out meanwhile, and whose name was released, nothing is stored.
      const inRooms = changes
        .filter(({ uid }) => isUser.get(uid))
        .map((change) => {
          const { uid, room } = change;
          return { seq, room, membership: { uid, ...table.change(change, seq) } };
        });
      return { change: { seq, room: null, inRooms }, isNew: true };
    },
  };
}
