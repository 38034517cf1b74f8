import { z } from 'zod';
import { ChatError } from '../../core/errors.ts';
import type { CommandContext, CommandEvents } from '../command-events.ts';
import { flag, id, intUpTo, minutes, uid } from '../fields.ts';
import { type RoomActed, roomAction } from './events.ts';
import type { Restriction } from './sanctions.ts';

const restriction = { uid, minutes, address: flag.default(false) };

export const moderationCommands = [
  z.object({ type: z.literal('set-locked'), enabled: flag.default(false) }),
  z.object({ type: z.literal('set-name-required'), enabled: flag.default(false) }),
  z.object({ type: z.literal('set-slow-mode'), seconds: intUpTo(3_600) }),
  z.object({ type: z.literal('clear-history') }),
  z.object({ type: z.literal('delete-room') }),
  z.object({ type: z.enum(['pin', 'unpin']), id }),
  z.object({ type: z.literal('mute'), ...restriction }),
  z.object({ type: z.literal('ban'), ...restriction }),
  z.object({ type: z.literal('lift-restrictions'), uid }),
  z.object({ type: z.literal('transfer-ownership'), uid }),
] as const;

type ModerationCommand = z.infer<(typeof moderationCommands)[number]>;
type RestrictionCommand = Extract<ModerationCommand, { readonly minutes: number | null }>;

export const moderationCommandEvents: CommandEvents<ModerationCommand, RoomActed> = {
  'set-locked': ({ enabled }) => roomAction({ type: 'lock-changed', enabled }),
  'set-name-required': ({ enabled }) => roomAction({ type: 'name-requirement-changed', enabled }),
  'set-slow-mode': ({ seconds }) => roomAction({ type: 'slow-mode-changed', seconds }),
  'clear-history': () => roomAction({ type: 'history-cleared' }),
  'delete-room': () => roomAction({ type: 'room-deleted' }),
  pin: ({ id }) => roomAction({ type: 'message-pinned', id }),
  unpin: ({ id }) => roomAction({ type: 'message-unpinned', id }),
  mute: restrict('user-muted'),
  ban: restrict('user-banned'),
  async 'lift-restrictions'(command, { find }) {
    const { uid, name, browsers } = await find(command.uid);
    return roomAction({ type: 'restrictions-lifted', whom: { uid, name }, browsers });
  },
  async 'transfer-ownership'(command, { find }) {
    const { uid, name } = await find(command.uid);
    return roomAction({ type: 'ownership-transferred', whom: { uid, name } });
  },
};

function restrict(type: Restriction['type']) {
  return async (command: RestrictionCommand, { find }: CommandContext) => {
    const { uid, name, address, browsers } = await find(command.uid);
    if (command.address && address === undefined) throw new ChatError('address-unknown');
    const from = command.address ? (address ?? null) : null;
    const { minutes } = command;
    return roomAction({ type, whom: { uid, name }, minutes, address: from, browsers });
  };
}
