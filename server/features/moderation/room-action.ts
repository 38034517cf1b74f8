import { hashRoomPassword } from '../../auth/room-password.ts';
import type { UserRef } from '../../core/actor.ts';
import { ChatError } from '../../core/errors.ts';
import type { RoomActionCommand } from '../command.ts';
import type { Act } from '../events.ts';

/** Finds a user, with their address and browsers if they are online. */
export type ResolveUser = (uid: string) => Promise<Found>;

type Found = UserRef & { readonly address?: string; readonly browsers: readonly string[] };

/**
 * Turns a command into a room action.
 * @param find finds a user, with their address and browsers if they are online
 */
export async function toRoomAction(command: RoomActionCommand, find: ResolveUser): Promise<Act> {
  switch (command.do) {
    case 'topic':
      return { act: 'topic', text: command.text };
    case 'listed':
      return { act: 'listed', on: command.on };
    case 'worded':
      return { act: 'worded', word: hashRoomPassword(command.word) };
    case 'locked':
      return { act: 'locked', on: command.on };
    case 'slowed':
      return { act: 'slowed', seconds: command.seconds };
    case 'cleared':
      return { act: 'cleared' };
    case 'pinned':
      return { act: 'pinned', id: command.id, on: command.on };
    case 'silenced':
    case 'removed': {
      const { uid, name, address, browsers } = await find(command.uid);
      const whom: UserRef = { uid, name };
      if (command.address && address === undefined) throw new ChatError('no-address');
      const from = command.address ? (address ?? null) : null;
      return { act: command.do, whom, minutes: command.minutes, address: from, browsers };
    }
    case 'pardoned': {
      const { uid, name, browsers } = await find(command.uid);
      return { act: command.do, whom: { uid, name }, browsers };
    }
    case 'handed': {
      const { uid, name } = await find(command.uid);
      return { act: command.do, whom: { uid, name } };
    }
  }
}
