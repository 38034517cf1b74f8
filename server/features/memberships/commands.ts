import { z } from 'zod';
import { NOTIFICATION_LEVELS } from '../../shared/notification-levels.ts';
import type { FieldErrors } from '../command-events.ts';
import { id } from '../fields.ts';

/** What a signed-in user does in a room for themselves alone: the log has many of them as one event. */
export const membershipCommands = [
  z.object({ type: z.literal('mark-read'), id }),
  z.object({ type: z.literal('set-notifications'), level: z.enum(NOTIFICATION_LEVELS) }),
] as const;

export const membershipErrors: FieldErrors = { level: 'bad-request' };

export type MembershipCommand = z.infer<(typeof membershipCommands)[number]>;
