import type { DatabaseSync } from 'node:sqlite';
import { endOf, isExpired } from '../../auth/session.ts';
import type { SessionEvent, SignedIn } from '../../auth/session-events.ts';
import { rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import type { ChatChange, ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { carryGuest } from './carry-guest.ts';
import { sessionEnding } from './session-ending.ts';
import { sessionQuery } from './session-query.ts';

/** Names, and the sessions signed in with them. */
export function applySessions(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
): EventHandlers<SessionEvent, ChatOutcome> {
  const find = sessionQuery(db);
  const nameOf = db.prepare(
    'SELECT uid, password_hash AS passwordHash FROM names WHERE skeleton = ?',
  );
  const upsertName = db.prepare('INSERT OR REPLACE INTO names VALUES (?, ?, ?, ?)');
  const carry = carryGuest(db, rooms);
  const { free, leave } = sessionEnding(db);
  const begin = db.prepare('INSERT INTO sessions VALUES (?, ?, 0, ?, ?)');
  const use = db.prepare('UPDATE sessions SET seen = ?, ends = ? WHERE id = ?');
  const raise = db.prepare('UPDATE sessions SET is_moderator = 1 WHERE id = ?');
  const setPassword = db.prepare('UPDATE names SET password_hash = ? WHERE uid = ?');
  const end = db.prepare('DELETE FROM sessions WHERE id = ?');
  const sessionsOf = db.prepare('SELECT id, seen FROM sessions WHERE uid = ? ORDER BY id');
  const dead = db.prepare(
    'SELECT id, uid FROM sessions WHERE ends < ? ORDER BY ends, id LIMIT 100',
  );

  /** Ends sessions that were unused for too long, and releases their names. */
  function sweep(now: number): string[] {
    return dead.all(now).map(({ id, uid }) => {
      end.run(String(id));
      free(String(uid));
      return String(id);
    });
  }

  /** Whether a name without a password has had no active session for too long. */
  function isLeft(uid: string, now: number): boolean {
    return sessionsOf
      .all(uid)
      .every(({ seen }) => isExpired({ isKept: false, seen: Number(seen) }, now));
  }

  function signIn(event: SignedIn): ChatOutcome {
    const { name, nameSkeleton, session, guest, passwordHash: kept, verifiedHash, at } = event;
    const borne = nameOf.get(nameSkeleton);
    const passwordHash = borne?.passwordHash ?? null;
    const bearer = borne && String(borne.uid);
    const isKept = passwordHash !== null;
    if (bearer && !isKept && !isLeft(bearer, at)) return rejected('name-taken');
    if (isKept && passwordHash !== verifiedHash) return rejected('wrong-user-password');
    // Expired sessions are reported with the new one: a rejected event reports nothing.
    const ended = [...(bearer && !isKept ? leave(bearer) : []), ...sweep(at)];
    const uid = bearer && isKept ? bearer : event.uid;
    const seq = number(event.kind, '', uid, at);
    if (!isKept) upsertName.run(nameSkeleton, name, uid, kept);
    begin.run(session, uid, at, endOf({ isKept: isKept || kept !== null, seen: at }));
    const carried = guest === null ? undefined : carry({ guest, uid, seq });
    return changed(seq, session, ended, carried);
  }

  function changed(
    seq: number,
    id: string,
    ended: readonly string[] = [],
    carried?: Pick<ChatChange, 'carriedGuest' | 'inRooms'>,
  ): ChatOutcome {
    const session = find(id);
    const change = { seq, room: null, ended, ...(session && { session }), ...carried };
    return { change, isNew: true };
  }

  /** What happens to a session that is active. */
  function change(event: Exclude<SessionEvent, SignedIn>): ChatOutcome {
    const session = find(event.session);
    if (!session || isExpired(session, event.at)) return rejected('session-expired');
    const seq = number(event.kind, '', session.uid, event.at);
    switch (event.kind) {
      case 'session-touched':
        use.run(event.at, endOf({ ...session, seen: event.at }), session.id);
        return changed(seq, session.id);
      case 'moderator-granted':
        raise.run(session.id);
        return changed(seq, session.id);
      case 'signed-out':
        end.run(session.id);
        if (!sessionsOf.get(session.uid)) free(session.uid);
        return { change: { seq, room: null, ended: [session.id] }, isNew: true };
      case 'password-changed': {
        setPassword.run(event.passwordHash, session.uid);
        const ended = leave(session.uid);
        begin.run(
          event.nextSession,
          session.uid,
          event.at,
          endOf({ isKept: true, seen: event.at }),
        );
        return changed(seq, event.nextSession, ended);
      }
    }
  }

  return {
    'signed-in': signIn,
    'session-touched': change,
    'moderator-granted': change,
    'signed-out': change,
    'password-changed': change,
  };
}
