import { z } from 'zod';
import { LIVE_REACTIONS, MAX_LIVE_REACTIONS } from '../../shared/live-reactions.ts';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { flag, id, intUpTo } from '../fields.ts';
import { emoji } from './emoji.ts';
import type { ReactionToggled } from './events.ts';

export const reactionCommands = [
  z.object({ type: z.literal('react'), id, emoji, enabled: flag.nullable().default(null) }),
] as const;

/** Reactions to what happens right now, which the log does not have. */
export const liveReactionCommands = [
  z.object({
    type: z.literal('send-reactions'),
    emoji: z.enum(LIVE_REACTIONS),
    count: intUpTo(MAX_LIVE_REACTIONS).pipe(z.number().min(1)).default(1),
  }),
] as const;

export type LiveReactionCommand = z.infer<(typeof liveReactionCommands)[number]>;

export const reactionErrors: FieldErrors = { emoji: 'invalid-emoji' };

type ReactionCommand = z.infer<(typeof reactionCommands)[number]>;

export const reactionCommandEvents: CommandEvents<ReactionCommand, ReactionToggled> = {
  react: ({ id, emoji, enabled }) => ({ kind: 'reaction-toggled', id, emoji, enabled }),
};
