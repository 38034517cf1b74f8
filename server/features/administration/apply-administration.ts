import type { DatabaseSync } from 'node:sqlite';
import { isExpired } from '../../auth/session.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { AdministrationEvent, ServerOwned } from './events.ts';
import { serverTable } from './server-table.ts';

/** What the owner of the server does, and who that is. */
export function applyAdministration(
  db: DatabaseSync,
  number: NextSeq,
): EventHandlers<AdministrationEvent, ChatOutcome> {
  const find = sessionQuery(db);
  const server = serverTable(db);
  const endAll = db.prepare('DELETE FROM sessions WHERE uid = ? RETURNING id');

  /** Ends all sessions of a user whose name has a password: the name stays theirs. */
  const signOut = (uid: string) =>
    endAll
      .all(uid)
      .map(({ id }) => String(id))
      .sort();

  function own({ kind, session: id, before, at }: ServerOwned): ChatOutcome {
    const session = find(id);
    if (!session || isExpired(session, at)) return rejected('session-expired');
    if (!session.isKept) return rejected('owner-needs-password');
    // Of two users who open the same link, the first becomes the owner.
    if (server.owner() !== before) return rejected('invalid-owner-link');
    const { uid } = session;
    const seq = number(kind, '', uid, at);
    server.setOwner(uid);
    // What is open has the rights of the owner before.
    const ended = before === null || before === uid ? [] : signOut(before);
    const change = { seq, room: null, ended, session: { ...session, isOwner: true }, owner: uid };
    return { change, isNew: true };
  }

  return { 'server-owned': own };
}
