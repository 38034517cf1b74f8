import { isPublic } from '../auth/room-settings.ts';
import { parseRoomName } from '../features/rooms/room-name.ts';
import type { Change } from './change.ts';
import { Room, type RoomParts } from './room.ts';

/** A room in the list of rooms. */
export interface ListedRoom {
  readonly name: string;
  readonly topic: string;
  /** How many users are online. */
  readonly people: number;
  /** When the last message was posted, in ISO 8601. */
  readonly at: string | null;
}

/** Empty rooms that are kept in memory. */
const MAX_IDLE_ROOMS = 100;

/** The rooms in use. A room is read from the store when it is first needed. */
export class RoomRegistry {
  readonly #parts: RoomParts;
  readonly #onRoomFailed: (room: string, error: unknown) => void;
  readonly #rooms = new Map<string, { room: Room; opened: Promise<Room> }>();

  /** @param onRoomFailed is called with a room that could not apply a change */
  constructor(parts: RoomParts, onRoomFailed: (room: string, error: unknown) => void) {
    this.#parts = parts;
    this.#onRoomFailed = onRoomFailed;
  }

  /**
   * The room of a name, as its address has it. A caller that subscribes to it must do so in the
   * turn of the event loop in which it gets it: after that an empty room may be closed.
   * @throws ChatError where the name is invalid
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

  /** The public rooms, those with the latest messages first. */
  async listPublic(limit: number): Promise<readonly ListedRoom[]> {
    const stored = await this.#parts.store.queries.listed(limit);
    const isStored = new Set(stored.map(({ name }) => name));
    // A room where people are online but nobody has posted is not in the store.
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

  /** Applies what a commit changed to the rooms in use. */
  apply(batch: readonly Change[]): void {
    for (const [name, changes] of Map.groupBy(batch, ({ room }) => room)) {
      const room = name === null ? undefined : this.#rooms.get(name)?.room;
      try {
        room?.apply(changes);
      } catch (error) {
        if (room) this.#discard(room, error);
      }
    }
  }

  /** Closes a room that could not apply a change: clients reconnect to what the store has. */
  #discard(room: Room, error: unknown): void {
    this.#rooms.delete(room.name);
    room.fail(error);
    this.#onRoomFailed(room.name, error);
  }

  /** Closes the empty rooms that were opened first. */
  #evictIdle(): void {
    const empty = [...this.#rooms.values()].filter(({ room }) => room.isEmpty);
    for (const { room } of empty.slice(0, -MAX_IDLE_ROOMS)) {
      room.close();
      this.#rooms.delete(room.name);
    }
  }
}
