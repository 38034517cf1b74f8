import type { Act } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { Settings } from './room-settings.ts';

/** Messages that a room keeps in sight at once: more would not be in sight. */
const MAX_PINNED = 5;

type Pin = Pick<Extract<Act, { readonly act: 'pinned' }>, 'id' | 'on'>;

/**
 * Why a message is not to be pinned, or taken down; or what came of it when that was done before.
 * @param message the message, if the room has it
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

/** What is pinned when that was done. */
export function withPin({ pinned }: Settings, { id, on }: Pin): readonly number[] {
  return on ? [...pinned, id] : pinned.filter((other) => other !== id);
}
