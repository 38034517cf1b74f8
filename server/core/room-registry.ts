import type { Change } from './change.ts';
import type { Room } from './room.ts';

/** Empty rooms that are kept in memory. */
const MAX_IDLE_ROOMS = 100;

/** The rooms in use. A room is read from the store when it is first needed. */
export class RoomRegistry<C extends Change, R extends Room<C>> {
  readonly #create: (name: string) => R;
  readonly #onRoomFailed: (room: string, error: unknown) => void;
  readonly #rooms = new Map<string, { room: R; opened: Promise<R> }>();

  /** @param onRoomFailed is called with a room that could not apply a change */
  constructor(create: (name: string) => R, onRoomFailed: (room: string, error: unknown) => void) {
    this.#create = create;
    this.#onRoomFailed = onRoomFailed;
  }

  /**
   * The room of a name. A caller that subscribes to it must do so in the turn of the event loop in
   * which it gets it: after that an empty room may be closed.
   */
  async open(name: string): Promise<R> {
    const known = this.#rooms.get(name);
    if (known) return known.opened;
    const room = this.#create(name);
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

  /** A room in use; `undefined` where it is not. */
  find(name: string): R | undefined {
    return this.#rooms.get(name)?.room;
  }

  /** The rooms in use. */
  get all(): readonly R[] {
    return [...this.#rooms.values()].map(({ room }) => room);
  }

  /** Applies what a commit changed to the rooms in use. */
  apply(batch: readonly C[]): void {
    for (const [name, changes] of Map.groupBy(batch, ({ room }) => room)) {
      const room = name === null ? undefined : this.find(name);
      try {
        room?.apply(changes);
      } catch (error) {
        if (room) this.#discard(room, error);
      }
    }
  }

  /** Closes a room that could not apply a change: clients reconnect to what the store has. */
  #discard(room: R, error: unknown): void {
    this.#rooms.delete(room.name);
    room.fail(error);
    this.#onRoomFailed(room.name, error);
  }

  /** Closes the empty rooms that were opened first. */
  #evictIdle(): void {
    const empty = this.all.filter(({ isEmpty }) => isEmpty);
    for (const room of empty.slice(0, -MAX_IDLE_ROOMS)) {
      room.close();
      this.#rooms.delete(room.name);
    }
  }
}
