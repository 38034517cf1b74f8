import type { DatabaseSync } from 'node:sqlite';
import { isExpired } from '../../auth/session.ts';
import { type Rejected, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { sessionQuery } from '../accounts/session-query.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers } from '../event.ts';
import type { WriterBrowsers } from '../moderation/writer-browsers.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { accountErasure } from './erase-account.ts';
import { roomErasure } from './erase-rooms.ts';
import { ERASED, erasureTable } from './erasure-table.ts';
import type { ErasureContinued, ErasureEvent, PersonErased } from './events.ts';

/** Files and rows of the log that one event erases from: other events wait for it. */
const MAX_FILES = 100;
const MAX_EVENTS = 5_000;

/** Erases users: their accounts at once, and all they left in rooms in pieces. */
export function applyErasure(
  db: DatabaseSync,
  rooms: RoomCache,
  writers: WriterBrowsers,
  number: NextSeq,
): EventHandlers<ErasureEvent, ChatOutcome> {
  const findSession = sessionQuery(db);
  const pending = erasureTable(db);
  const accounts = accountErasure(db);
  const eraseRooms = roomErasure(db, rooms);
  const files = db.prepare(`SELECT id FROM files WHERE uid IN ${ERASED} ORDER BY id LIMIT ?`);
  const removeFile = db.prepare('DELETE FROM files WHERE id = ?');
  const events = db.prepare(
    'SELECT count(*) AS n, max(seq) AS last FROM (SELECT seq FROM events WHERE seq > ? ORDER BY seq LIMIT ?)',
  );
  const late = db.prepare(
    `SELECT 1 FROM events WHERE seq > max(?, ?) AND seq <= ? AND uid IN ${ERASED} LIMIT 1`,
  );
  const disown = db.prepare(
    `UPDATE events SET uid = '' WHERE seq > ? AND seq <= ? AND uid IN ${ERASED}`,
  );

  /** Users erase themselves, the owner anybody; who has no session is checked where it is asked for. */
  function denial({ uids, session: id, at }: PersonErased): Rejected | undefined {
    if (id === null) return undefined;
    const session = findSession(id);
    if (!session || isExpired(session, at)) return rejected('session-expired');
    const isOwn = uids.every((uid) => uid === session.uid);
    return isOwn || session.isOwner ? undefined : rejected('not-server-owner');
  }

  function begin(event: PersonErased): ChatOutcome {
    const { kind, at } = event;
    const stopped = denial(event);
    if (stopped) return stopped;
    const erased = accounts.withGuests(event.uids);
    if (!pending.hasRoom(erased.length)) return rejected('overloaded');
    const seq = number(kind, '', '', at);
    const ended = erased.flatMap((uid) => accounts.erase(uid));
    for (const uid of erased) pending.add(uid, seq);
    writers.forget();
    return { change: { seq, room: null, ended, erased }, isNew: true };
  }

  function proceed({ kind, at }: ErasureContinued): ChatOutcome {
    const erasure = pending.current();
    if (!erasure) return rejected('not-found');
    const { seq, step, id } = erasure;
    const nothing: ChatOutcome = { change: { seq, room: null }, isNew: false };
    if (step === 'rooms') {
      // What users wrote with since then is erased too, and has to be stored again.
      writers.forget();
      const { change, next } = eraseRooms(erasure, (room) => number(kind, room, '', at));
      pending.move(next ? { step, ...next } : { step: 'files', room: '', id: 0 });
      return change ? { change, isNew: true } : nothing;
    }
    if (step === 'files') {
      const freed = files.all(MAX_FILES).map((row) => String(row.id));
      for (const file of freed) removeFile.run(file);
      if (freed.length < MAX_FILES) pending.move({ step: 'events', room: '', id: 0 });
      if (freed.length === 0) return nothing;
      return { change: { seq: number(kind, '', '', at), room: null, freed }, isNew: true };
    }
    eraseEvents(id, seq);
    return nothing;
  }

  /** Makes some rows of the log those of nobody. @param seq when the users were erased */
  function eraseEvents(after: number, seq: number): void {
    const found = events.get(after, MAX_EVENTS) ?? {};
    const last = Number(found.last);
    // What was on its way when they were erased may be in a room that was read already.
    const isLate = late.get(after, seq, last) !== undefined;
    disown.run(after, last);
    if (isLate) pending.move({ step: 'rooms', room: '', id: 0 });
    else if (Number(found.n) === MAX_EVENTS) pending.move({ step: 'events', room: '', id: last });
    else {
      accounts.eraseRest();
      pending.end();
    }
  }

  return { 'person-erased': begin, 'erasure-continued': proceed };
}
