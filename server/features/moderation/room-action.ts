import { hashRoomPassword } from '../../auth/room-password.ts';
import type { UserRef } from '../../core/actor.ts';
import { ChatError } from '../../core/errors.ts';
import type { RoomActionCommand } from '../command.ts';
import type { RoomAction } from '../room-actions.ts';

/** Finds a user, with their address and browsers if they are online. */
export type ResolveUser = (uid: string) => Promise<Found>;

type Found = UserRef & { readonly address?: string; readonly browsers: readonly string[] };

/**
 * Turns a command into a room action.
 * @param find finds a user, with their address and browsers if they are online
 */
export async function toRoomAction(
  command: RoomActionCommand,
  find: ResolveUser,
): Promise<RoomAction> {
  switch (command.type) {
    case 'set-topic':
      return { type: 'topic-changed', text: command.text };
    case 'set-listed':
      return { type: 'listing-changed', enabled: command.enabled };
    case 'set-password':
      return { type: 'password-changed', passwordHash: hashRoomPassword(command.password) };
    case 'set-locked':
      return { type: 'lock-changed', enabled: command.enabled };
    case 'set-slow-mode':
      return { type: 'slow-mode-changed', seconds: command.seconds };
    case 'set-poll-creators':
      return { type: 'poll-creators-changed', creators: command.creators };
    case 'clear-history':
      return { type: 'history-cleared' };
    case 'pin':
      return { type: 'message-pinned', id: command.id };
    case 'unpin':
      return { type: 'message-unpinned', id: command.id };
    case 'mute':
    case 'ban': {
      const { uid, name, address, browsers } = await find(command.uid);
      const whom: UserRef = { uid, name };
      if (command.address && address === undefined) throw new ChatError('address-unknown');
      const from = command.address ? (address ?? null) : null;
      const { minutes } = command;
      const type = command.type === 'mute' ? 'user-muted' : 'user-banned';
      return { type, whom, minutes, address: from, browsers };
    }
    case 'lift-restrictions': {
      const { uid, name, browsers } = await find(command.uid);
      return { type: 'restrictions-lifted', whom: { uid, name }, browsers };
    }
    case 'transfer-ownership': {
      const { uid, name } = await find(command.uid);
      return { type: 'ownership-transferred', whom: { uid, name } };
    }
  }
}
