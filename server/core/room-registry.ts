import { isPublic } from '../features/moderation/room-settings.ts';
import { parseRoomName } from '../features/rooms/room-name.ts';
import type { Change } from './change.ts';
import { Room, type RoomParts } from './room.ts';

/** A room as the list of them shows it. */
export interface ListedRoom {
  readonly name: string;
  readonly topic: string;
  /** How many are there now. */
  readonly people: number;
  /** When something was said last, as ISO 8601 has it. */
  readonly at: string | null;
}

/** Rooms kept in memory though nobody waits in them. */
const MAX_IDLE_ROOMS = 100;

/** The rooms in use. A room is read from the store when it is first asked for. */
export class RoomRegistry {
  readonly #parts: RoomParts;
  readonly #onRoomFailed: (room: string, error: unknown) => void;
  readonly #rooms = new Map<string, { room: Room; opened: Promise<Room> }>();

  /** @param onRoomFailed is told of a room that could not apply a change */
  constructor(parts: RoomParts, onRoomFailed: (room: string, error: unknown) => void) {
    this.#parts = parts;
    this.#onRoomFailed = onRoomFailed;
    parts.log.onCommit((batch) => this.#receive(batch));
  }

  /**
   * The room of a name, as its address has it. One who means to wait in it enters in the turn of the
   * event loop in which it gets it: an empty room may be let go after that.
   * @throws ChatError where no room can have this name
   */
  async open(address: string | undefined): Promise<Room> {
    const name = parseRoomName(address ?? '');
    const known = this.#rooms.get(name);
    if (known) return known.opened;
    const room = new Room(name, this.#parts);
    const opened = room.open();
    this.#rooms.set(name, { room, opened });
    opened.then(
      () => setImmediate(() => this.#evictIdle()),
      () => {
        this.#rooms.delete(name);
        room.close();
      },
    );
    return opened;
  }

  /** The rooms that everybody may know of, those where something was said last first. */
  async listPublic(limit: number): Promise<readonly ListedRoom[]> {
    const stored = await this.#parts.store.listed(limit);
    const isStored = new Set(stored.map(({ name }) => name));
    // Where people are and nobody has said anything yet, nothing is stored.
    const silent = [...this.#rooms.values()].filter(
      ({ room: { name, count, settings } }) =>
        count > 0 && isPublic(settings) && !isStored.has(name),
    );
    return [
      ...silent.map(({ room }) => ({ name: room.name, settings: room.settings, at: null })),
      ...stored,
    ]
      .slice(0, limit)
      .map(({ name, settings: { topic }, at }) => ({
        name,
        topic,
        people: this.#rooms.get(name)?.room.count ?? 0,
        at: at === null ? null : new Date(at).toISOString(),
      }));
  }

  #receive(batch: readonly Change[]): void {
    for (const [name, changes] of Map.groupBy(batch, ({ room }) => room)) {
      const room = name === null ? undefined : this.#rooms.get(name)?.room;
      try {
        room?.apply(changes);
      } catch (error) {
        if (room) this.#discard(room, error);
      }
    }
  }

  /** A room that could not apply a change lets everybody go: they come back to what the store has. */
  #discard(room: Room, error: unknown): void {
    this.#rooms.delete(room.name);
    room.fail(error);
    this.#onRoomFailed(room.name, error);
  }

  /** Lets the empty rooms go that were asked for first. */
  #evictIdle(): void {
    const empty = [...this.#rooms.values()].filter(({ room }) => room.isEmpty);
    for (const { room } of empty.slice(0, -MAX_IDLE_ROOMS)) {
      room.close();
      this.#rooms.delete(room.name);
    }
  }
}
