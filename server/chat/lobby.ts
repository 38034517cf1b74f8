import type { Log } from '../log/log.ts';
import type { Message } from '../store/message.ts';
import type { Store } from '../store/store.ts';
import { Room } from './room.ts';
import { readRoomName } from './room-name.ts';

/** Rooms kept in memory though nobody waits in them. */
const MAX_EMPTY = 100;

/** The rooms in use. A room is read from the store when it is first asked for. */
export class Lobby {
  readonly #log: Log;
  readonly #store: Store;
  readonly #rooms = new Map<string, { room: Room; opened: Promise<Room> }>();

  constructor(log: Log, store: Store) {
    this.#log = log;
    this.#store = store;
    log.tail((batch) => this.#receive(batch));
  }

  /**
   * The room of a name, as its address has it. One who means to wait in it enters in the turn of the event loop in which it
   * gets it: an empty room may be let go after that.
   * @throws Refusal where no room can have this name
   */
  async room(address: string | undefined): Promise<Room> {
    const name = readRoomName(address ?? '');
    const known = this.#rooms.get(name);
    if (known) return known.opened;
    const room = new Room(name, this.#log, this.#store);
    const opened = room.open();
    this.#rooms.set(name, { room, opened });
    opened.then(
      () => setImmediate(() => this.#letGo()),
      () => this.#rooms.delete(name),
    );
    return opened;
  }

  #receive(batch: readonly Message[]): void {
    for (const [name, messages] of Map.groupBy(batch, ({ room }) => room)) {
      this.#rooms.get(name)?.room.receive(messages);
    }
  }

  /** Lets the empty rooms go that were asked for first. */
  #letGo(): void {
    const empty = [...this.#rooms.values()].filter(({ room }) => room.isEmpty);
    for (const { room } of empty.slice(0, -MAX_EMPTY)) this.#rooms.delete(room.name);
  }
}
