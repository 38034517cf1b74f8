import type { DatabaseSync } from 'node:sqlite';
import type { Sanction } from '../../auth/room-settings.ts';
import { roomQueries } from '../rooms/room-queries.ts';
import { serverTable } from './server-table.ts';

/** Sessions, messages and files are counted up to these numbers. */
export const MAX_SESSIONS = 100;
export const MAX_MESSAGES = 10_000;
export const MAX_FILES = 1_000;
export const MAX_ALL_FILES = 20_000;

/** A name that is in use. */
interface Person {
  /** What its list continues after. */
  readonly key: string;
  readonly uid: string;
  readonly name: string;
  readonly hasPassword: boolean;
  /** Those that are not over. */
  readonly sessions: number;
}

/** A room in which something was done. */
interface Room {
  readonly name: string;
  readonly title: string;
  readonly isListed: boolean;
  readonly hasPassword: boolean;
  /** The name of its owner; `null` for none, and for a guest. */
  readonly owner: string | null;
  readonly messages: number;
  readonly files: number;
  /** Of these files. */
  readonly bytes: number;
}

/** A mute or ban in a room. */
interface RoomSanction {
  readonly room: string;
  readonly sanction: Sanction;
}

/** Queries of the pages of the server's owner. Each reads a limited number of rows. */
export function administrationQueries(db: DatabaseSync) {
  const server = serverTable(db);
  const { settings } = roomQueries(db);
  const people = db.prepare(
    `SELECT skeleton, uid, name, password_hash IS NOT NULL AS hasPassword,
       (SELECT count(*) FROM (SELECT 1 FROM sessions WHERE uid = names.uid AND ends >= :now
          LIMIT ${MAX_SESSIONS})) AS sessions
     FROM names WHERE skeleton > :after AND skeleton BETWEEN :start AND :start || char(1114111)
     ORDER BY skeleton LIMIT :limit`,
  );
  const rooms = db.prepare(
    "SELECT name FROM rooms WHERE name > ? AND settings ->> 'isDeleted' IS NOT 1 ORDER BY name LIMIT ?",
  );
  const nameOf = db.prepare('SELECT name FROM names WHERE uid = ?');
  const messages = db.prepare(
    `SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE room = ? AND id > ?
       LIMIT ${MAX_MESSAGES + 1})`,
  );
  const files = db.prepare(
    `SELECT count(*) AS n, coalesce(sum(spec ->> 'size'), 0) AS bytes
     FROM (SELECT spec FROM files WHERE room = ? LIMIT ${MAX_FILES + 1})`,
  );
  const allFiles = db.prepare(
    `SELECT count(*) AS n, coalesce(sum(spec ->> 'size'), 0) AS bytes
     FROM (SELECT spec FROM files INDEXED BY files_in LIMIT ${MAX_ALL_FILES + 1})`,
  );
  const sanctions = db.prepare(
    `SELECT rooms.name AS room, sanction.value AS sanction
     FROM rooms, json_each(settings, '$.sanctions') AS sanction
     WHERE settings ->> 'sanctions' <> '[]'
       AND (sanction.value ->> 'until' IS NULL OR sanction.value ->> 'until' > ?)
     ORDER BY rooms.name LIMIT ? OFFSET ?`,
  );
  const texts = db.prepare(
    `SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM (SELECT body FROM messages
       WHERE room = ? AND id > ? ORDER BY id DESC LIMIT ${MAX_MESSAGES})`,
  );

  function room(name: string): Room {
    const known = settings(name);
    const owner = known?.owner ? nameOf.get(known.owner)?.name : undefined;
    const counted = files.get(name);
    return {
      name,
      title: known?.title ?? name,
      isListed: known?.isListed ?? false,
      hasPassword: (known?.passwordHash ?? null) !== null,
      owner: typeof owner === 'string' ? owner : null,
      messages: Number(messages.get(name, known?.clearedSeq ?? 0)?.n),
      files: Number(counted?.n),
      bytes: Number(counted?.bytes),
    };
  }

  return {
    /** The uid of the server's owner; `null` where there is none. */
    serverOwner: () => server.owner(),
    serverSettings: () => server.settings(),
    /**
     * Names in the order of their skeletons.
     * @param start what the skeletons start with
     * @param now milliseconds since 1970
     */
    people: (start: string, after: string, limit: number, now: number): Person[] =>
      people.all({ start, after, limit, now }).map((row) => ({
        key: String(row.skeleton),
        uid: String(row.uid),
        name: String(row.name),
        hasPassword: row.hasPassword === 1,
        sessions: Number(row.sessions),
      })),
    /** The files of all rooms, and their size in bytes. */
    uploads() {
      const counted = allFiles.get();
      return { files: Number(counted?.n), bytes: Number(counted?.bytes) };
    },
    /** Rooms in the order of their names. */
    roomsAfter: (after: string, limit: number): Room[] =>
      rooms.all(after, limit).map(({ name }) => room(String(name))),
    /** The mutes and bans that are not over, in the order of the rooms. */
    sanctions: (now: number, limit: number, offset: number): RoomSanction[] =>
      sanctions
        .all(now, limit, offset)
        .map((row) => ({ room: String(row.room), sanction: JSON.parse(String(row.sanction)) })),
    /** Bytes of the texts of a room's last messages, as many as are counted. */
    roomTextBytes: (name: string): number =>
      Number(texts.get(name, settings(name)?.clearedSeq ?? 0)?.bytes),
    /** The least that the database takes after it is compacted. In bytes. */
    compactBytes(): number {
      const value = (pragma: string) =>
        Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
      return (value('page_count') - value('freelist_count')) * value('page_size');
    },
  };
}
