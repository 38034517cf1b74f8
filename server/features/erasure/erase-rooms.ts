import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../../auth/room-settings.ts';
import type { Message } from '../../core/message.ts';
import type { ChatChange } from '../change.ts';
import type { RoomCache } from '../rooms/room-cache.ts';
import { messageErasure } from './erase-messages.ts';
import { ERASED, type ErasurePosition } from './erasure-table.ts';

/** Messages read for one event, and changed by it: other events wait for it. */
const MAX_READ = 2_000;
const MAX_CHANGED = 50;
/** A room counts as so many messages: its settings are read. */
const ROOM_COST = 20;

/** What a piece did; without a change it found nothing to change. */
interface Piece {
  readonly change?: ChatChange;
  /** Where the next one begins; `null` after the last room. */
  readonly next: Pick<ErasurePosition, 'room' | 'id'> | null;
}

/** Part of the messages of a room. */
interface Part {
  /** Those with something of an erased user. */
  readonly messages: readonly Message[];
  readonly read: number;
  /** The last one that was read; `undefined` at the end of the room. */
  readonly last: number | undefined;
}

/**
 * Creates the function that erases a piece of what users left in the rooms, one room after the other and
 * the oldest messages first: so a reply comes after what it quotes, which nobody can quote any more.
 * @param number gives the event its number, once it changes a room
 */
export function roomErasure(
  db: DatabaseSync,
  rooms: RoomCache,
): (from: Pick<ErasurePosition, 'room' | 'id'>, number: (room: string) => number) => Piece {
  const nextRoom = db.prepare('SELECT name FROM rooms WHERE name > ? ORDER BY name LIMIT 1');
  const extent = db.prepare(
    `SELECT count(*) AS read, max(id) AS last
     FROM (SELECT id FROM messages WHERE room = ? AND id > ? ORDER BY id LIMIT ?)`,
  );
  const affected = db.prepare(
    `SELECT * FROM messages WHERE room = :room AND id > :after AND id <= :last AND (
       uid IN ${ERASED} OR quote ->> 'uid' IN ${ERASED}
       OR kind = 'system' AND body ->> '$.whom.uid' IN ${ERASED}
       OR reactions IS NOT NULL AND EXISTS
         (SELECT 1 FROM reactions WHERE message = messages.id AND uid IN ${ERASED})
       OR kind = 'poll' AND (
         EXISTS (SELECT 1 FROM voters WHERE poll = messages.id AND key IN ${ERASED})
         OR EXISTS (SELECT 1 FROM votes WHERE poll = messages.id AND uid IN ${ERASED})
         OR EXISTS (SELECT 1 FROM submissions WHERE poll = messages.id AND uid IN ${ERASED})
         OR EXISTS (SELECT 1 FROM suggestions WHERE poll = messages.id AND uid IN ${ERASED})))
     ORDER BY id LIMIT ${MAX_CHANGED}`,
  );
  const forget = ['last_posts', 'browsers'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE room = ? AND uid IN ${ERASED}`),
  );
  const isErased = db.prepare(`SELECT ? IN ${ERASED} AS yes`);
  const has = (uid: string) => isErased.get(uid)?.yes === 1;
  const erase = messageErasure(db);

  function part(room: string, after: number, limit: number): Part {
    const { read, last } = extent.get(room, after, limit) ?? {};
    // node:sqlite types a row by its columns' values only; the schema says which they are.
    const messages = affected.all({ room, after, last: last ?? null }) as unknown as Message[];
    if (messages.length === MAX_CHANGED)
      return { messages, read: Number(read), last: messages.at(-1)?.id };
    return { messages, read: Number(read), last: read === limit ? Number(last) : undefined };
  }

  /** The settings of a room without its erased users; the same where it has none. */
  function anonymous(settings: Settings): Settings {
    const { owner, sanctions } = settings;
    const isOwned = owner !== null && has(owner);
    const others = sanctions.filter(({ uid }) => !has(uid));
    if (!isOwned && others.length === sanctions.length) return settings;
    return { ...settings, owner: isOwned ? null : owner, sanctions: others };
  }

  function eraseFrom(room: string, found: readonly Message[], seq: number): ChatChange {
    const erased = found.map((message) => erase(message, seq));
    const [message, ...others] = erased.map((one) => one.message);
    const freed = erased.flatMap((one) => one.freed);
    return { seq, room, ...(message && { message, others }), freed };
  }

  return ({ room: first, id }, number) => {
    // Earlier events of the same commit are not in the table yet.
    rooms.write();
    let room = first;
    let after = id;
    let budget = MAX_READ;
    while (budget > 0) {
      if (room === '' || after === Number.MAX_SAFE_INTEGER) {
        const name = nextRoom.get(room)?.name;
        if (name === undefined) return { next: null };
        [room, after] = [String(name), 0];
      }
      const before = rooms.settings(room);
      // What was cleared is removed by each server in its own time: it must not make a difference.
      const { messages, read, last } = part(room, Math.max(after, before.clearedSeq - 1), budget);
      budget -= read + ROOM_COST;
      for (const table of forget) table.run(room);
      const gone = new Set(
        messages.flatMap(({ id: one, kind, uid }) => (kind !== 'system' && has(uid) ? one : [])),
      );
      const kept = anonymous(before);
      const pinned = kept.pinned.filter((one) => !gone.has(one));
      const isUnpinned = pinned.length < kept.pinned.length;
      const next = { room, id: last ?? Number.MAX_SAFE_INTEGER };
      if (messages.length > 0 || kept !== before || isUnpinned) {
        const change = eraseFrom(room, messages, number(room));
        if (kept === before && !isUnpinned) return { change, next };
        return { change: { ...change, settings: rooms.change(room, { ...kept, pinned }) }, next };
      }
      after = next.id;
    }
    return { next: { room, id: after } };
  };
}
