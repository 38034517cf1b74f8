import { z } from 'zod';
import { fold, foldWord } from '../../shared/fold.ts';
import { maxUnits } from '../../shared/length.ts';
import type { CommandEvents, FieldErrors } from '../command-events.ts';
import { flag, id, intUpTo, line, list } from '../fields.ts';
import { type RoomActed, roomAction } from '../moderation/events.ts';
import { createPollSchema, preparePollSchema, toPreparedSpec } from './create-poll.ts';
import type { PollChanged, PollEvent, PreparedPollEvent } from './events.ts';
import { MAX_SUGGESTIONS } from './poll-kinds.ts';

/** The chosen options; a form sends a single one as a string. */
const optionList = z.preprocess(
  (value) => (value === undefined ? [] : value),
  list(intUpTo(19), 20),
);

/** A poll option that a user suggests: one line. Its maximum length depends on the kind of poll. */
const suggestion = line(maxUnits(300)).pipe(
  z
    .string()
    .max(1_000)
    .refine((text) => fold(text) !== ''),
);

export const optionIndex = intUpTo(MAX_SUGGESTIONS - 1);

export const pollCommands = [
  createPollSchema,
  preparePollSchema,
  z.object({ type: z.literal('remove-prepared-poll'), id }),
  z.object({ type: z.literal('move-prepared-poll'), id, direction: z.enum(['up', 'down']) }),
  /** Without an id, the first one. */
  z.object({ type: z.literal('start-prepared-poll'), id: id.nullable().default(null) }),
  z.object({ type: z.literal('set-votes'), id, options: optionList }),
  z.object({
    type: z.literal('toggle-vote'),
    id,
    option: optionIndex,
    enabled: flag.default(true),
  }),
  z.object({ type: z.literal('suggest-option'), id, suggestion, enabled: flag.default(true) }),
  z.object({
    type: z.literal('moderate-option'),
    id,
    option: optionIndex,
    state: z.enum(['open', 'answered', 'removed']),
  }),
  z.object({
    type: z.enum(['close-poll', 'reopen-poll', 'reset-poll', 'reveal-poll', 'hide-poll']),
    id,
  }),
  z.object({ type: z.literal('extend-poll'), id, seconds: intUpTo(3_600).pipe(z.number().min(1)) }),
  z.object({
    type: z.literal('set-poll-creators'),
    creators: z.enum(['moderators', 'everyone']),
  }),
] as const;

export const pollErrors: FieldErrors = {
  question: 'invalid-question',
  option: 'no-such-option',
  options: 'no-such-option',
  suggestion: 'missing-answer',
};

type PollCommand = z.infer<(typeof pollCommands)[number]>;

const changed =
  (action: PollChanged['action']) =>
  ({ id }: { readonly id: number }) => ({ kind: 'poll-changed' as const, id, action });

export const pollCommandEvents: CommandEvents<
  PollCommand,
  PollEvent | PreparedPollEvent | RoomActed
> = {
  'create-poll': (command) => ({
    kind: 'poll-created',
    cid: null,
    poll: toPreparedSpec(command),
    files: command.files.map(({ id }) => id),
    imageOptions: command.files.map(({ option }) => option),
    prepared: command.prepared,
  }),
  'prepare-poll': (command) => ({
    kind: 'poll-prepared',
    id: command.prepared,
    poll: toPreparedSpec(command),
    files: command.files.map(({ id }) => id),
    imageOptions: command.files.map(({ option }) => option),
  }),
  'remove-prepared-poll': ({ id }) => ({ kind: 'prepared-poll-removed', id }),
  'move-prepared-poll': ({ id, direction }) => ({ kind: 'prepared-poll-moved', id, direction }),
  'start-prepared-poll': ({ id }) => ({ kind: 'prepared-poll-started', id }),
  'set-votes': ({ id, options }) => ({ kind: 'votes-set', id, options }),
  'toggle-vote': ({ id, option, enabled }) => ({ kind: 'vote-toggled', id, option, enabled }),
  'suggest-option': ({ id, suggestion, enabled }) => ({
    kind: 'option-suggested',
    id,
    text: suggestion,
    key: foldWord(suggestion),
    enabled,
  }),
  'moderate-option': ({ id, option, state }) => ({ kind: 'option-moderated', id, option, state }),
  'close-poll': changed('closed'),
  'reopen-poll': changed('reopened'),
  'reset-poll': changed('reset'),
  'reveal-poll': changed('revealed'),
  'hide-poll': changed('hidden'),
  'extend-poll': ({ id, seconds }) => ({ kind: 'poll-extended', id, seconds }),
  'set-poll-creators': ({ creators }) => roomAction({ type: 'poll-creators-changed', creators }),
};
