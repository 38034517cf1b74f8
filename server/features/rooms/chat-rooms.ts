import { isPublic } from '../../auth/room-settings.ts';
import { RoomRegistry } from '../../core/room-registry.ts';
import type { ChatChange } from '../change.ts';
import { ChatRoom, type ChatRoomParts } from './chat-room.ts';
import { parseRoomName } from './room-name.ts';

/** A room in the list of rooms. */
interface ListedRoom {
  readonly name: string;
  readonly topic: string;
  /** How many users are online. */
  readonly people: number;
  /** When the last message was posted, in ISO 8601. */
  readonly at: string | null;
}

/** The rooms of the server. */
export class ChatRooms extends RoomRegistry<ChatChange, ChatRoom> {
  readonly #parts: ChatRoomParts;

  /** @param onRoomFailed is called with a room that could not apply a change */
  constructor(parts: ChatRoomParts, onRoomFailed: (room: string, error: unknown) => void) {
    super((name) => new ChatRoom(name, parts), onRoomFailed);
    this.#parts = parts;
  }

  /**
   * The room of a name, as its address has it: see RoomRegistry.open.
   * @throws ChatError where the name is invalid
   */
  override async open(address: string | undefined): Promise<ChatRoom> {
    return super.open(parseRoomName(address ?? ''));
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
      .map(({ name, settings: { topic }, at }) => ({
        name,
        topic,
        people: this.find(name)?.count ?? 0,
        at: at === null ? null : new Date(at).toISOString(),
      }));
  }
}
