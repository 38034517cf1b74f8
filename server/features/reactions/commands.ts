import { z } from 'zod';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { flag, id } from '../fields.ts';
import { emoji } from './emoji.ts';
import type { ReactionToggled } from './events.ts';

export const reactionCommands = [
  z.object({ type: z.literal('react'), id, emoji, enabled: flag.nullable().default(null) }),
] as const;

export const reactionErrors: FieldErrors = { emoji: 'invalid-emoji' };

type ReactionCommand = z.infer<(typeof reactionCommands)[number]>;

export const reactionCommandEvents: CommandEvents<ReactionCommand, ReactionToggled> = {
  react: ({ id, emoji, enabled }) => ({ kind: 'reaction-toggled', id, emoji, enabled }),
};
