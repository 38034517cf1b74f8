import { z } from 'zod';
import { maxUnits } from '../../shared/length.ts';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { id, line } from '../fields.ts';
import type { ReportEvent } from './events.ts';

/** In UTF-16 code units. */
const MAX_REASON = 200;

const reason = line(maxUnits(MAX_REASON)).pipe(z.string().max(MAX_REASON));

export const reportCommands = [
  z.object({ type: z.literal('report'), id, reason: reason.default('') }),
  z.object({ type: z.literal('dismiss-reports'), id }),
] as const;

export const reportErrors: FieldErrors = { reason: 'invalid-reason' };

type ReportCommand = z.infer<(typeof reportCommands)[number]>;

export const reportCommandEvents: CommandEvents<ReportCommand, ReportEvent> = {
  report: ({ id, reason }) => ({ kind: 'message-reported', id, reason }),
  'dismiss-reports': ({ id }) => ({ kind: 'reports-dismissed', id }),
};
