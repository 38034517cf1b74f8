import type { Erasing, RoomEventBase } from '../event.ts';

/** A message was posted. */
export interface MessagePosted extends RoomEventBase {
  readonly kind: 'message-posted';
  /** The sender's own id for it: the same `cid` from the same sender is the same message. */
  readonly cid: string | null;
  readonly body: string;
  /** The message it replies to. */
  readonly reply: number | null;
  /** The ids of its attachments. */
  readonly files: readonly string[];
}

/** A message was edited by its author. */
export interface MessageEdited extends RoomEventBase {
  readonly kind: 'message-edited';
  readonly id: number;
  /** Empty only where the message has attachments. */
  readonly body: string;
}

/** A message was deleted. A tombstone stays in its place. */
export interface MessageDeleted extends RoomEventBase {
  readonly kind: 'message-deleted';
  readonly id: number;
}

export type MessageEvent = MessagePosted | MessageEdited | MessageDeleted;

export const messageErasing: Erasing<MessageEvent> = {
  'message-posted': false,
  'message-edited': true,
  'message-deleted': true,
};
