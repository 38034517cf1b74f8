import type { DatabaseSync } from 'node:sqlite';
import { isExpired, type Session } from '../../auth/session.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { sessionEnding } from '../accounts/session-ending.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type {
  AdministrationEvent,
  ServerOwned,
  ServerSettingsChanged,
  SignedOutEverywhere,
} from './events.ts';
import { serverTable } from './server-table.ts';

/** What the owner of the server does, and who that is. */
export function applyAdministration(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<AdministrationEvent, ChatOutcome> {
  const find = sessionQuery(db);
  const server = serverTable(db);
  const { leave } = sessionEnding(db);

  /** The session of an event, if it is not over. */
  function active({ session: id, at }: AdministrationEvent): Session | undefined {
    const session = find(id);
    return session && !isExpired(session, at) ? session : undefined;
  }

  function own(event: ServerOwned): ChatOutcome {
    const { kind, before, at } = event;
    const session = active(event);
    if (!session) return rejected('session-expired');
    if (!session.isKept) return rejected('owner-needs-password');
    // Of two users who open the same link, the first becomes the owner.
    if (server.owner() !== before) return rejected('invalid-owner-link');
    const { uid } = session;
    const seq = number(kind, '', uid, at);
    server.setOwner(uid);
    // What is open has the rights of the owner before.
    const ended = before === null || before === uid ? [] : leave(before);
    const change = { seq, room: null, ended, session: { ...session, isOwner: true }, owner: uid };
    return { change, isNew: true };
  }

  function signOut(event: SignedOutEverywhere): ChatOutcome {
    const { kind, uid, at } = event;
    const session = active(event);
    if (!session?.isOwner) return rejected('not-server-owner');
    const seq = number(kind, '', session.uid, at);
    return { change: { seq, room: null, ended: leave(uid) }, isNew: true };
  }

  function changeSettings(event: ServerSettingsChanged): ChatOutcome {
    const { kind, settings, at } = event;
    const session = active(event);
    if (!session?.isOwner) return rejected('not-server-owner');
    const seq = number(kind, '', session.uid, at);
    rooms.changeServer(settings);
    return { change: { seq, room: null, serverSettings: settings }, isNew: true };
  }

  return {
    'server-owned': own,
    'signed-out-everywhere': signOut,
    'server-settings-changed': changeSettings,
  };
}
