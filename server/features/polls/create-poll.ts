import { z } from 'zod';
import { ChatError } from '../../core/errors.ts';
import { fold } from '../../shared/fold.ts';
import { parseSlashCommand } from '../../shared/slash-command.ts';
import { files, flag, intUpTo, list, minutes, text } from '../fields.ts';
import type { PollSpec } from './events.ts';
import {
  acceptsSuggestions,
  hasGivenOptions,
  initialOptions,
  kindOfCommand,
  POLL_KINDS,
  pollKinds,
} from './poll-kinds.ts';
import { readTypedPoll } from './typed-poll.ts';

const MINUTE_MS = 60_000;

/** Options that are read, including empty ones. */
const MAX_LINES = 100;

/** The error of duplicate options. */
const SAME = 'same';

/** A text with something visible in it. */
const visible = (characters: number) =>
  text(characters).transform((written) => (fold(written) === '' ? '' : written));

/** A list, or the lines of a form's field. */
const options = z
  .preprocess(
    (value) => (typeof value === 'string' ? value.split('\n', MAX_LINES + 1) : value),
    list(visible(100), MAX_LINES),
  )
  .transform((texts) => texts.filter(Boolean))
  .refine((texts) => new Set(texts.map(fold)).size === texts.length, { path: [SAME] })
  .pipe(z.array(z.string()).max(20));

/** A poll as requested by a client. */
export const createPollSchema = z
  .object({
    type: z.literal('create-poll'),
    kind: z.enum(pollKinds).default('choice'),
    question: visible(300).pipe(z.string().min(1)),
    options: options.default([]),
    maxChoices: intUpTo(20).pipe(z.number().min(1)).default(1),
    resultsVisibility: z.enum(['always', 'after-vote', 'after-close']).default('always'),
    /** Votes can't be changed. */
    finalVotes: flag.default(false),
    /** Voters' names are shown. */
    showVoters: flag.default(false),
    minutes,
    /** Images of the options, in their order. */
    files,
  })
  .refine(({ kind, options }) => !hasGivenOptions(kind) || options.length >= 2, {
    path: ['options'],
  });

/** What is wrong with a poll, if it is the question or the options. */
export function wrongOf({
  issues,
}: z.ZodError): 'invalid-question' | 'invalid-options' | 'duplicate-options' {
  const [field, ...more] = issues[0]?.path ?? [];
  if (field === 'question') return 'invalid-question';
  return more.includes(SAME) ? 'duplicate-options' : 'invalid-options';
}

type CreatePoll = z.infer<typeof createPollSchema>;

export function toPollSpec(requested: CreatePoll, now: number): PollSpec {
  const { kind, question, maxChoices, resultsVisibility, finalVotes, showVoters, minutes } =
    requested;
  const traits = POLL_KINDS[kind];
  const options = initialOptions(kind, requested.options);
  return {
    kind,
    question,
    options,
    maxChoices: traits.maxChoices(maxChoices, options),
    canChangeVote: !finalVotes || acceptsSuggestions(kind),
    resultsVisibility: traits.isAlwaysPublic ? 'always' : resultsVisibility,
    isAnonymous: !showVoters,
    closesAt: minutes === null ? null : now + minutes * MINUTE_MS,
  };
}

/**
 * Parses a poll created by the text of a message.
 * @returns `undefined` if the text is a message
 * @throws ChatError if it begins like a poll but is invalid
 */
export function parsePollCommand(body: string): CreatePoll | undefined {
  const { command = '', rest = '' } = parseSlashCommand(body) ?? {};
  const kind = kindOfCommand(command);
  if (kind === undefined) return undefined;
  const typed = readTypedPoll(rest);
  const takesOptions = hasGivenOptions(kind);
  // Options that this kind doesn't have are an error: they were meant for another kind.
  if (!typed || (typed.options.length > 0 && !takesOptions)) {
    throw new ChatError(takesOptions ? 'invalid-poll-command' : 'invalid-question-command', {
      command,
    });
  }
  const maxChoices = POLL_KINDS[kind].command?.maxChoices;
  const requested = createPollSchema.safeParse({ type: 'create-poll', kind, ...typed, maxChoices });
  if (requested.success) return requested.data;
  throw new ChatError(wrongOf(requested.error));
}
