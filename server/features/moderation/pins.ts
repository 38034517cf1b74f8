import type { Settings } from '../../auth/room-settings.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';

/** The maximum number of pinned messages: more would not fit on the screen. */
const MAX_PINNED = 5;

/** A message was pinned or unpinned. */
export interface Pin {
  readonly type: 'message-pinned' | 'message-unpinned';
  readonly id: number;
}

/**
 * Why a message can't be pinned or unpinned, or the outcome if it already is.
 * @param message the message, if it is in the room
 */
export function checkPin(
  { pinned }: Settings,
  { type, id }: Pin,
  message: Message | undefined,
): Outcome | undefined {
  const isPinned = type === 'message-pinned';
  const canBePinned = message?.kind === 'message' || message?.kind === 'poll';
  if (!message || (isPinned && !canBePinned)) return rejected('no-such-message');
  if (pinned.includes(id) === isPinned) {
    return { change: { seq: message.seq, room: message.room, message }, isNew: false };
  }
  if (isPinned && pinned.length >= MAX_PINNED)
    return rejected('too-many-pins', { max: MAX_PINNED });
  return undefined;
}

/** The pinned messages after a change. */
export function withPin({ pinned }: Settings, { type, id }: Pin): readonly number[] {
  return type === 'message-pinned' ? [...pinned, id] : pinned.filter((other) => other !== id);
}
