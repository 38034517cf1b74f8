import type { Message } from './message.ts';

/** What an event changed, each in its current state. An event that posts a message changes no other. */
export interface Change {
  /** The number of the event. */
  readonly seq: number;
  /** The room it happened in; `null` where it is about no room. */
  readonly room: string | null;
  /** The message that was posted or changed. */
  readonly message?: Message;
  /** Other messages that changed with it, in the order of their ids, which come after its own. */
  readonly others?: readonly Message[];
  /** All earlier messages of the room were removed. */
  readonly isClearing?: true;
  /** The messages of the room up to this one were removed: there is nothing before it. */
  readonly expiredId?: number;
}
