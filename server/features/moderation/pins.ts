import type { Settings } from '../../auth/room-settings.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { Act } from '../events.ts';

/** The maximum number of pinned messages: more would not fit on the screen. */
const MAX_PINNED = 5;

type Pin = Pick<Extract<Act, { readonly act: 'pinned' }>, 'id' | 'on'>;

/**
 * Why a message can't be pinned or unpinned, or the outcome if it already is.
 * @param message the message, if it is in the room
 */
export function checkPin(
  { pinned }: Settings,
  { id, on }: Pin,
  message: Message | undefined,
): Outcome | undefined {
  const canBePinned = message?.kind === 'said' || message?.kind === 'poll';
  if (!message || (on && !canBePinned)) return rejected('no-such-message');
  if (pinned.includes(id) === on) {
    return { change: { seq: message.seq, room: message.room, message }, isNew: false };
  }
  if (on && pinned.length >= MAX_PINNED) return rejected('too-many-pins', { max: MAX_PINNED });
  return undefined;
}

/** The pinned messages after a change. */
export function withPin({ pinned }: Settings, { id, on }: Pin): readonly number[] {
  return on ? [...pinned, id] : pinned.filter((other) => other !== id);
}
