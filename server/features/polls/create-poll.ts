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
const KINDS = ['choice', 'applause', 'rating', 'words', 'questions'] as const;

function needsOptions(kind: PollKind): boolean {
  return kind === 'choice' || kind === 'applause';
}

/** A poll as requested by a client. */
export const createPollSchema = z
  .object({
    do: z.literal('ask'),
    kind: z.enum(KINDS).default('choice'),
    question: visible(300).pipe(z.string().min(1)),
    options: options.default([]),
    most: intUpTo(20).pipe(z.number().min(1)).default(1),
    shows: z.enum(['always', 'voted', 'closed']).default('always'),
    /** Votes can't be changed. */
    fixed: flag.default(false),
    /** Voters' names are shown. */
    named: flag.default(false),
    minutes,
    /** Images of the options, in their order. */
    files,
  })
  .refine(({ kind, options }) => !needsOptions(kind) || options.length >= 2, {
    path: ['options'],
  });

/** What is wrong with a poll, if it is the question or the options. */
export function wrongOf({ issues }: z.ZodError): 'bad-question' | 'bad-options' | 'same-options' {
  const [field, ...more] = issues[0]?.path ?? [];
  if (field === 'question') return 'bad-question';
  return more.includes(SAME) ? 'same-options' : 'bad-options';
}

export type CreatePoll = z.infer<typeof createPollSchema>;

export function toPollSpec(asked: CreatePoll, now: number): PollSpec {
  const { kind, question, options, shows, fixed, named, minutes } = asked;
  return {
    kind,
    question,
    options: optionsOf(kind, options),
    most: mostOf(asked),
    mayChange: !fixed || acceptsSuggestions(kind),
    // To vote for a question, users have to see it.
    shows: kind === 'questions' ? 'always' : shows,
    isAnonymous: !named,
    closesAt: minutes === null ? null : now + minutes * MINUTE_MS,
  };
}

function optionsOf(kind: PollKind, options: readonly string[]): readonly string[] {
  if (kind === 'rating') return SCALE;
  return acceptsSuggestions(kind) ? [] : options;
}

function mostOf({ kind, most, options }: CreatePoll): number {
  if (kind === 'choice') return Math.min(most, options.length);
  if (kind === 'questions') return SUGGESTION_LIMITS.all;
  return kind === 'words' ? most : 1;
}

/** The slash commands that create a poll. */
const COMMANDS: Readonly<Record<string, PollKind>> = {
  poll: 'choice',
  rate: 'rating',
  words: 'words',
  questions: 'questions',
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
    throw new ChatError(kind === 'choice' ? 'unread-poll' : 'unread-question', { command });
  }
  const most = kind === 'words' ? WORDS_EACH : 1;
  const asked = createPollSchema.safeParse({ do: 'ask', kind, ...typed, most });
  if (asked.success) return asked.data;
  throw new ChatError(wrongOf(asked.error));
}
