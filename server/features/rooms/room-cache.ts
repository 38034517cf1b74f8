import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { defaultSettings, isPublic, type Settings } from '../../auth/room-settings.ts';
import type { ServerSettings } from '../../auth/server-settings.ts';
import { serverTable } from '../administration/server-table.ts';
import { joinCodes } from './join-codes.ts';

/** Rooms whose settings the writer caches. */
const MAX_KNOWN = 1_000;

interface Row {
  readonly settings: Settings;
  /** The time of the last message; `null` without messages. */
  readonly at: number | null;
}

/** The rooms as the writer sees them. Changes are written once per batch of events. */
export class RoomCache {
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #codes: ReturnType<typeof joinCodes>;
  readonly #known = new Map<string, Row>();
  readonly #changed = new Set<string>();
  readonly #serverTable: ReturnType<typeof serverTable>;
  #server: ServerSettings | undefined;

  constructor(db: DatabaseSync) {
    this.#select = db.prepare('SELECT settings, at FROM rooms WHERE name = ?');
    this.#codes = joinCodes(db);
    this.#serverTable = serverTable(db);
    this.#upsert = db.prepare('INSERT OR REPLACE INTO rooms VALUES (?, ?, ?, ?)');
  }

  /** The settings of a room, or `undefined` if nothing has happened in it, or not since it was deleted. */
  find(room: string): Settings | undefined {
    const settings = this.#read(room)?.settings;
    return settings && !settings.isDeleted ? this.#withServer(settings) : undefined;
  }

  settings(room: string): Settings {
    // What a client had of a deleted room can't be continued.
    const clearedSeq = this.#read(room)?.settings.clearedSeq ?? 0;
    return this.find(room) ?? this.#withServer({ ...defaultSettings(room), clearedSeq });
  }

  /** A message was posted in the room. Returns its settings where that was the first thing in it. */
  recordActivity(room: string, at: number): { readonly settings?: Settings } {
    const before = this.find(room);
    const settings = before ?? this.#created(this.settings(room), room);
    this.#set(room, { settings, at });
    return before ? {} : { settings };
  }

  /** What is set for all rooms. */
  get server(): ServerSettings {
    this.#server ??= this.#serverTable.settings();
    return this.#server;
  }

  changeServer(settings: ServerSettings): void {
    this.#serverTable.setSettings(settings);
    this.#server = settings;
  }

  /** Returns the settings as they are from now on. */
  change(room: string, changed: Settings): Settings {
    const before = this.#read(room);
    const settings = this.find(room) ? changed : this.#created(changed, room);
    this.#set(room, { settings, at: before?.at ?? null });
    return settings;
  }

  /** The room is as if nothing had happened in it. Returns its settings. */
  remove(room: string, seq: number): Settings {
    this.#codes.release(room);
    const removed = { ...defaultSettings(room), isListed: false };
    const settings = this.#withServer({ ...removed, clearedSeq: seq, isDeleted: true });
    this.#set(room, { settings, at: null });
    return settings;
  }

  /** Writes the changes, before the commit. */
  write(): void {
    for (const room of this.#changed) {
      const { settings, at } = this.#known.get(room) ?? {};
      if (!settings) continue;
      const isListed = Number(isPublic(settings));
      this.#upsert.run(room, JSON.stringify(settings), isListed, at ?? null);
    }
    this.#changed.clear();
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
  }

  /** The batch was rolled back: what is in the table is valid. */
  invalidate(): void {
    this.#known.clear();
    this.#changed.clear();
    this.#server = undefined;
  }

  /** The settings of a room have those of the server as they were when they were stored. */
  #withServer(settings: Settings): Settings {
    const { guestsMayWrite } = this.server;
    return settings.guestsMayWrite === guestsMayWrite ? settings : { ...settings, guestsMayWrite };
  }

  #created(settings: Settings, room: string): Settings {
    const joinCode = this.#read(room)?.settings.joinCode ?? this.#codes.assign(room);
    return { ...settings, joinCode };
  }

  #read(room: string): Row | undefined {
    const known = this.#known.get(room);
    if (known) return known;
    const row = this.#select.get(room);
    if (!row) return undefined;
    const settings = { ...defaultSettings(room), ...JSON.parse(String(row.settings)) };
    const read = { settings, at: row.at === null ? null : Number(row.at) };
    this.#known.set(room, read);
    return read;
  }

  #set(room: string, row: Row): void {
    this.#known.set(room, row);
    this.#changed.add(room);
  }
}
