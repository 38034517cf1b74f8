import type { DatabaseSync } from 'node:sqlite';
import { canManagePoll, canStartPolls, writeDenial } from '../../auth/permissions.ts';
import { type Rejected, rejected } from '../../core/outcome.ts';
import type { NextSeq } from '../../storage/sequence.ts';
import { formerGuests } from '../accounts/former-guests.ts';
import { attachments } from '../attachments/apply-files.ts';
import type { ChatOutcome } from '../change.ts';
import type { EventHandlers, RoomEventBase } from '../event.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import type {
  PollCreated,
  PollPrepared,
  PreparedPollEvent,
  PreparedPollMoved,
  PreparedPollRemoved,
  PreparedPollStarted,
} from './events.ts';
import { MAX_PREPARED, type PreparedPoll, preparedPolls } from './prepared-polls.ts';

/**
 * Saves polls that are started later, and starts them. Nobody is sent a change: they are private to
 * users who may start them.
 * @param create creates a poll; files of a prepared one may be those of another user
 */
export function applyPreparedPolls(
  db: DatabaseSync,
  rooms: RoomCache,
  number: NextSeq,
  create: (event: PollCreated, prepared?: readonly string[]) => ChatOutcome,
): EventHandlers<PreparedPollEvent | PollCreated, ChatOutcome> {
  const all = preparedPolls(db);
  const insert = db.prepare(
    `INSERT INTO prepared_polls (id, room, uid, spec, position)
     SELECT ?1, ?2, ?3, ?4, coalesce(max(position), 0) + 1 FROM prepared_polls WHERE room = ?2`,
  );
  const update = db.prepare('UPDATE prepared_polls SET spec = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM prepared_polls WHERE id = ?');
  const place = db.prepare('UPDATE prepared_polls SET position = ? WHERE id = ?');
  const { authorOf } = formerGuests(db);
  const { check } = attachments(db);

  function denial({ room, who, at }: PreparedPollEvent): Rejected | undefined {
    const settings = rooms.settings(room);
    if (!canStartPolls(settings, who)) return rejected('polls-restricted');
    const reason = writeDenial(settings, who, at);
    return reason && rejected(reason);
  }

  /** Those that a user may see and change: moderators all of the room, others their own. */
  function ofUser({ room, who }: RoomEventBase): readonly PreparedPoll[] {
    const settings = rooms.settings(room);
    return all(room).filter((poll) => canManagePoll(settings, who, authorOf(poll)));
  }

  function find(event: PreparedPollEvent & { readonly id: number }): PreparedPoll | undefined {
    return ofUser(event).find(({ id }) => id === event.id);
  }

  function done({ kind, room, who, at }: PreparedPollEvent, change: (seq: number) => void) {
    const seq = number(kind, room, who.uid, at);
    change(seq);
    return { change: { seq, room }, isNew: true };
  }

  function prepare(event: PollPrepared): ChatOutcome {
    const { room, who, id, poll } = event;
    const stopped = denial(event);
    if (stopped) return stopped;
    const before = id === null ? undefined : find({ ...event, id });
    if (id !== null && !before) return rejected('no-such-poll');
    const { files, imageOptions } = event;
    const started = {
      ...event,
      kind: 'poll-created',
      cid: null,
      poll,
    } as const;
    const misfit = check(started, before?.files);
    if (misfit) return misfit;
    const spec = JSON.stringify({ ...poll, ...(files.length > 0 && { files, imageOptions }) });
    if (id !== null) return done(event, () => update.run(spec, id));
    if (all(room).length >= MAX_PREPARED)
      return rejected('too-many-prepared-polls', { max: MAX_PREPARED });
    return done(event, (seq) => insert.run(seq, room, who.uid, spec));
  }

  function removePrepared(event: PreparedPollRemoved): ChatOutcome {
    const stopped = denial(event) ?? (find(event) ? undefined : rejected('no-such-poll'));
    return stopped ?? done(event, () => remove.run(event.id));
  }

  /** Exchanges it with its neighbour. */
  function move(event: PreparedPollMoved): ChatOutcome {
    const stopped = denial(event) ?? (find(event) ? undefined : rejected('no-such-poll'));
    if (stopped) return stopped;
    const ids = all(event.room).map(({ id }) => id);
    const from = ids.indexOf(event.id);
    const to = from + (event.direction === 'up' ? -1 : 1);
    const [moved, other] = [ids[from], ids[to]];
    return done(event, () => {
      if (moved === undefined || other === undefined) return;
      ids[from] = other;
      ids[to] = moved;
      for (const [position, id] of ids.entries()) place.run(position + 1, id);
    });
  }

  function start(event: PreparedPollStarted): ChatOutcome {
    const { room, who, at } = event;
    const stopped = denial(event);
    if (stopped) return stopped;
    const polls = ofUser(event);
    const prepared = event.id === null ? polls[0] : polls.find(({ id }) => id === event.id);
    if (!prepared) return rejected('no-such-poll');
    const { id, uid: _, files = [], imageOptions = [], ...poll } = prepared;
    const shared = { room, who, at, cid: null, files, imageOptions };
    return createFrom({ kind: 'poll-created', ...shared, poll, prepared: id });
  }

  function createFrom(event: PollCreated): ChatOutcome {
    const { prepared = null } = event;
    const mine = prepared === null ? undefined : ofUser(event).find(({ id }) => id === prepared);
    const created = create(event, mine?.files);
    if (mine && 'change' in created && created.isNew) remove.run(mine.id);
    return created;
  }

  return {
    'poll-created': createFrom,
    'poll-prepared': prepare,
    'prepared-poll-removed': removePrepared,
    'prepared-poll-moved': move,
    'prepared-poll-started': start,
  };
}
