import { isPublic, type Settings } from '../../auth/room-settings.ts';
import { DEFAULT_SERVER_SETTINGS, type ServerSettings } from '../../auth/server-settings.ts';
import { RoomRegistry } from '../../core/room-registry.ts';
import type { ChatChange } from '../change.ts';
import type { MemberRoom, MembershipChange } from '../memberships/membership.ts';
import type { SearchRequest, SearchResult } from '../search/search.ts';
import { ChatRoom, type ChatRoomParts } from './chat-room.ts';
import { parseRoomName, roomNameOf, type Spellings } from './room-name.ts';

/** A room in the list of rooms. */
interface ListedRoom {
  readonly name: string;
  readonly title: string;
  readonly topic: string;
  /** How many users are online. */
  readonly people: number;
  /** When the last message was posted, in ISO 8601. */
  readonly at: string | null;
}

/** The rooms of the server. */
export class ChatRooms extends RoomRegistry<ChatChange, ChatRoom> {
  readonly #parts: Omit<ChatRoomParts, 'serverSettings'>;

  /** The rooms of addresses from when names differed by case. */
  #spellings: Spellings = new Map();

  #serverSettings: ServerSettings = DEFAULT_SERVER_SETTINGS;

  /** @param onRoomFailed is called with a room that could not apply a change */
  constructor(
    parts: Omit<ChatRoomParts, 'serverSettings'>,
    onRoomFailed: (room: string, error: unknown) => void,
  ) {
    super(
      (name) => new ChatRoom(name, { ...parts, serverSettings: () => this.#serverSettings }),
      onRoomFailed,
    );
    this.#parts = parts;
    parts.reactions?.hear((room, counts) => this.find(room)?.reactions.addCounts(counts));
  }

  /** Reads what has to be known before the first room is opened. */
  async start(): Promise<void> {
    const { queries } = this.#parts.store;
    this.#spellings = new Map(await queries.roomSpellings());
    this.#serverSettings = await queries.serverSettings();
  }

  /** What the owner of the server set for all rooms. */
  get serverSettings(): ServerSettings {
    return this.#serverSettings;
  }

  /**
   * The name of the room at an address: addresses that differ only in case lead to one room.
   * `undefined` where the address is invalid.
   */
  nameAt(address: string): string | undefined {
    return roomNameOf(address, this.#spellings);
  }

  /**
   * The room at an address: see RoomRegistry.open.
   * @throws ChatError where the address is invalid
   */
  override async open(address: string | undefined): Promise<ChatRoom> {
    return super.open(parseRoomName(address ?? '', this.#spellings));
  }

  /** The name of the room with this join code, if there is one. */
  nameOfCode(code: string): Promise<string | undefined> {
    return this.#parts.store.queries.roomOfCode(code);
  }

  /** The settings of those of the rooms in which something was done, by name. */
  async settingsOf(names: readonly string[]): Promise<ReadonlyMap<string, Settings>> {
    return new Map(await this.#parts.store.queries.settingsOfRooms(names));
  }

  /** See `membershipQueries`: with what the user has read by now. */
  async memberRooms(uid: string, limit: number, maxUnread: number): Promise<readonly MemberRoom[]> {
    await this.#parts.memberships.settled(uid);
    return this.#parts.store.queries.memberRooms(uid, limit, maxUnread);
  }

  /** Resolves once it is committed. @throws ChatError where it is not */
  changeMembership(change: MembershipChange): Promise<void> {
    return this.#parts.memberships.change(change);
  }

  /** See `Store.search`. */
  search(request: SearchRequest, from: string): Promise<SearchResult> {
    return this.#parts.store.search(request, from);
  }

  override apply(batch: readonly ChatChange[]): void {
    const { serverSettings } = batch.findLast((change) => change.serverSettings) ?? {};
    if (serverSettings) this.#serverSettings = serverSettings;
    super.apply(batch.flatMap((change) => [change, ...(change.inRooms ?? [])]));
    if (serverSettings) for (const room of this.all) room.serverChanged();
  }

  /** The public rooms, those with the latest messages first. */
  async listPublic(limit: number): Promise<readonly ListedRoom[]> {
    const stored = await this.#parts.store.queries.listed(limit);
    const isStored = new Set(stored.map(({ name }) => name));
    // A room where people are online but nobody has posted is not in the store.
    const silent = this.all.filter(
      ({ name, count, settings }) => count > 0 && isPublic(settings) && !isStored.has(name),
    );
    return [...silent.map(({ name, settings }) => ({ name, settings, at: null })), ...stored]
      .slice(0, limit)
      .map(({ name, settings: { title, topic }, at }) => ({
        name,
        title,
        topic,
        people: this.#online(name),
        at: at === null ? null : new Date(at).toISOString(),
      }));
  }

  /** How many users are online in a room, on all nodes. */
  #online(name: string): number {
    const { exchange } = this.#parts;
    return this.find(name)?.count ?? exchange?.countElsewhere(name) ?? 0;
  }
}
