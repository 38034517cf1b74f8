import type { DatabaseSync } from 'node:sqlite';
import { defaultSettings, type Settings } from '../../auth/room-settings.ts';

/** A publicly listed room. */
interface StoredRoom {
  readonly name: string;
  readonly settings: Settings;
  /** When the last message was posted. Milliseconds since 1970. */
  readonly at: number | null;
}

/** Queries of rooms and their settings. */
export function roomQueries(db: DatabaseSync) {
  const settings = db.prepare('SELECT settings FROM rooms WHERE name = ?');
  const listed = db.prepare(
    `SELECT name, settings, at FROM rooms WHERE is_listed AND settings ->> 'passwordHash' IS NULL
     ORDER BY at DESC LIMIT ?`,
  );
  const read = (room: string, text: unknown): Settings => ({
    ...defaultSettings(room),
    ...JSON.parse(String(text)),
  });
  const spellings = db.prepare('SELECT spelling, name FROM room_spellings');
  const ofCode = db.prepare('SELECT room FROM join_codes WHERE code = ?');
  return {
    /** The room with this join code, if there is one. */
    roomOfCode(code: string): string | undefined {
      const row = ofCode.get(code);
      return row && String(row.room);
    },
    /** Addresses that lead to a room of another name: see migrations/room-spellings.ts. */
    roomSpellings: (): [string, string][] =>
      spellings.all().map(({ spelling, name }) => [String(spelling), String(name)]),
    /** The settings of a room; `undefined` where nothing was ever done in it. */
    settings(room: string): Settings | undefined {
      const row = settings.get(room);
      return row && read(room, row.settings);
    },
    /** The settings of those of the rooms in which something was done, since they were deleted. */
    settingsOfRooms: (rooms: readonly string[]): [string, Settings][] =>
      rooms.flatMap((room) => {
        const row = settings.get(room);
        const found = row && read(room, row.settings);
        return found && !found.isDeleted ? [[room, found] as [string, Settings]] : [];
      }),
    /** The listed rooms without a password, those with the latest messages first. */
    listed: (limit: number): StoredRoom[] =>
      listed.all(limit).map((row) => ({
        name: String(row.name),
        settings: read(String(row.name), row.settings),
        at: row.at === null ? null : Number(row.at),
      })),
  };
}
