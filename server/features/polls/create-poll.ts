import { z } from 'zod';
import { ChatError } from '../../core/errors.ts';
import { fold } from '../../shared/fold.ts';
import { parseSlashCommand } from '../../shared/slash-command.ts';
import type { PollKind, PollSpec } from '../events.ts';
import { files, flag, intUpTo, list, minutes, text } from '../fields.ts';
import { acceptsSuggestions } from './poll.ts';
import { SUGGESTION_LIMITS } from './suggestions.ts';
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

/** The options of a rating. */
const SCALE = ['1', '2', '3', '4', '5'] as const;
const KINDS = ['choice', 'applause', 'rating', 'word-cloud', 'q-and-a'] as const;

function needsOptions(kind: PollKind): boolean {
  return kind === 'choice' || kind === 'applause';
}

/** A poll as requested by a client. */
export const createPollSchema = z
  .object({
    type: z.literal('create-poll'),
    kind: z.enum(KINDS).default('choice'),
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
  .refine(({ kind, options }) => !needsOptions(kind) || options.length >= 2, {
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

export type CreatePoll = z.infer<typeof createPollSchema>;

export function toPollSpec(requested: CreatePoll, now: number): PollSpec {
  const { kind, question, options, resultsVisibility, finalVotes, showVoters, minutes } = requested;
  return {
    kind,
    question,
    options: optionsOf(kind, options),
    maxChoices: maxChoicesOf(requested),
    canChangeVote: !finalVotes || acceptsSuggestions(kind),
    // To vote for a question, users have to see it.
    resultsVisibility: kind === 'q-and-a' ? 'always' : resultsVisibility,
    isAnonymous: !showVoters,
    closesAt: minutes === null ? null : now + minutes * MINUTE_MS,
  };
}

function optionsOf(kind: PollKind, options: readonly string[]): readonly string[] {
  if (kind === 'rating') return SCALE;
  return acceptsSuggestions(kind) ? [] : options;
}

function maxChoicesOf({ kind, maxChoices, options }: CreatePoll): number {
  if (kind === 'choice') return Math.min(maxChoices, options.length);
  if (kind === 'q-and-a') return SUGGESTION_LIMITS.all;
  return kind === 'word-cloud' ? maxChoices : 1;
}

/** The slash commands that create a poll. */
const COMMANDS: Readonly<Record<string, PollKind>> = {
  poll: 'choice',
  rate: 'rating',
  words: 'word-cloud',
  questions: 'q-and-a',
};
/** Words per user in a word cloud created by a slash command. */
const WORDS_EACH = 3;

/**
 * Parses a poll created by the text of a message.
 * @returns `undefined` if the text is a message
 * @throws ChatError if it begins like a poll but is invalid
 */
export function parsePollCommand(body: string): CreatePoll | undefined {
  const { command = '', rest = '' } = parseSlashCommand(body) ?? {};
  if (!Object.hasOwn(COMMANDS, command)) return undefined;
  const kind = COMMANDS[command] as PollKind;
  const typed = readTypedPoll(rest);
  // Options that this kind doesn't have are an error: they were meant for another kind.
  if (!typed || (typed.options.length > 0 && !needsOptions(kind))) {
    throw new ChatError(kind === 'choice' ? 'invalid-poll-command' : 'invalid-question-command', {
      command,
    });
  }
  const maxChoices = kind === 'word-cloud' ? WORDS_EACH : 1;
  const requested = createPollSchema.safeParse({ type: 'create-poll', kind, ...typed, maxChoices });
  if (requested.success) return requested.data;
  throw new ChatError(wrongOf(requested.error));
}
