import type { Position } from './cursor.ts';
import type { Message } from './message.ts';

/** As many messages as were requested, and whether there are more. */
export interface Page {
  readonly messages: readonly Message[];
  readonly isMore: boolean;
}

/** How much was posted. */
export interface PostCount {
  /** How many messages, counted up to a limit. */
  readonly count: number;
  /** When the first of them was posted, in milliseconds since 1970; `null` if there are none. */
  readonly since: number | null;
}

/** The messages of rooms, as they are stored. */
export interface HistoryStore {
  /**
   * The changes in a room after a position, in their current state and in order.
   * @param floor changes of messages up to this one are left out
   */
  changedSince(room: string, position: Position, floor: number, limit: number): Promise<Page>;
  /** The messages posted in a room after `id`, in their current state, in the order of posting. */
  postedAfter(room: string, id: number, limit: number): Promise<Page>;
  /** How many messages of a room changed after a position, counted up to `limit`. */
  countSince(room: string, position: Position, limit: number): Promise<number>;
  /** The latest changes in a room, in their current state and in order. */
  latest(room: string, limit: number): Promise<Page>;
  /** The last messages of a room posted before the message `id`, in the order they were posted. */
  before(room: string, id: number, limit: number): Promise<Page>;
  /** The first messages of a room posted after the message `id`, in the order they were posted. */
  after(room: string, id: number, limit: number): Promise<Page>;
  /**
   * How many messages were posted in a room after the message `id`, counted up to `limit`.
   * @param except the uid of a user whose own messages are not counted; empty counts all
   */
  countAfter(room: string, id: number, except: string, limit: number): Promise<PostCount>;
  /** A message of a room, in its current state. */
  message(room: string, id: number): Promise<Message | undefined>;
}
