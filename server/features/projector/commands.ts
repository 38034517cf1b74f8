import { z } from 'zod';
import { VIEWS } from '../../shared/stage.ts';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { flag, id } from '../fields.ts';
import { optionIndex } from '../polls/commands.ts';
import type { StageEvent } from './events.ts';

/** What controls the projectors of a room. */
export const stageCommands = [
  /** `poll` 0: the one that was started last. */
  z.object({ type: z.literal('set-stage'), view: z.enum(VIEWS).optional(), poll: id.optional() }),
  z.object({
    type: z.literal('stage-question'),
    id,
    option: optionIndex,
    enabled: flag.default(true),
  }),
] as const;

export const stageErrors: FieldErrors = { poll: 'no-such-poll' };

type StageCommand = z.infer<(typeof stageCommands)[number]>;

export const stageCommandEvents: CommandEvents<StageCommand, StageEvent> = {
  'set-stage': ({ view, poll }) => ({
    kind: 'stage-set',
    // Who chooses a poll wants to see it.
    view: view ?? (poll === undefined ? undefined : 'poll'),
    poll: poll === 0 ? null : poll,
  }),
  'stage-question': ({ id, option, enabled }) => ({
    kind: 'question-staged',
    id,
    option: enabled ? option : null,
  }),
};
