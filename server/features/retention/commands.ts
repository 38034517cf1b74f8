import { z } from 'zod';
import type { CommandEvents } from '../command-events.ts';
import { intUpTo } from '../fields.ts';
import { type RoomActed, roomAction } from '../moderation/events.ts';
import { MAX_KEEP_DAYS } from './keep-days.ts';

export const retentionCommands = [
  z.object({ type: z.literal('set-keep-days'), days: intUpTo(MAX_KEEP_DAYS) }),
] as const;

type RetentionCommand = z.infer<(typeof retentionCommands)[number]>;

export const retentionCommandEvents: CommandEvents<RetentionCommand, RoomActed> = {
  'set-keep-days': ({ days }) => roomAction({ type: 'keep-days-changed', days }),
};
