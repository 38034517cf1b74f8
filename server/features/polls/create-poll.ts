import { z } from 'zod';
import { ChatError } from '../../core/errors.ts';
import type { PollKind, PollSpec } from '../../core/event.ts';
import { fold } from '../../shared/fold.ts';
import { parseSlashCommand } from '../../shared/slash-command.ts';
import { files, flag, intUpTo, list, minutes, text } from '../fields.ts';
import { acceptsSuggestions } from './poll.ts';
import { SUGGESTION_LIMITS } from './suggestions.ts';
import { readTypedPoll } from './typed-poll.ts';

const MINUTE_MS = 60_000;

/** Options that are looked at, with those that turn out to be empty. */
const MAX_LINES = 100;

/** Says of the options that some of them are the same. */
const SAME = 'same';

/** A text that a reader sees something of. */
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

/** The answers that a rating chooses from. */
const SCALE = ['1', '2', '3', '4', '5'] as const;
const KINDS = ['choice', 'applause', 'rating', 'words', 'questions'] as const;

function needsOptions(kind: PollKind): boolean {
  return kind === 'choice' || kind === 'applause';
}

/** A poll as a client asks for it. */
export const createPollSchema = z
  .object({
    do: z.literal('ask'),
    kind: z.enum(KINDS).default('choice'),
    question: visible(300).pipe(z.string().min(1)),
    options: options.default([]),
    most: intUpTo(20).pipe(z.number().min(1)).default(1),
    shows: z.enum(['always', 'voted', 'closed']).default('always'),
    /** A vote cannot be changed. */
    fixed: flag.default(false),
    /** Everybody is told who voted for what. */
    named: flag.default(false),
    minutes,
    /** Pictures of the options, in their order. */
    files,
  })
  .refine(({ kind, options }) => !needsOptions(kind) || options.length >= 2, {
    path: ['options'],
  });

/** What is wrong with a poll, where it is the question or the options. */
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
    // To vote up a question one has to see it.
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

/** The commands by which one asks in a message. */
const COMMANDS: Readonly<Record<string, PollKind>> = {
  poll: 'choice',
  rate: 'rating',
  words: 'words',
  questions: 'questions',
};
/** Words that each may give to a cloud that is asked for in a message. */
const WORDS_EACH = 3;

/**
 * A poll that is asked for in the text of a message.
 * @returns `undefined` where the text is a message
 * @throws ChatError where it begins as a poll and is none
 */
export function parsePollCommand(body: string): CreatePoll | undefined {
  const { command = '', rest = '' } = parseSlashCommand(body) ?? {};
  if (!Object.hasOwn(COMMANDS, command)) return undefined;
  const kind = COMMANDS[command] as PollKind;
  const typed = readTypedPoll(rest);
  // What a kind has no place for is not left out: it was meant for another poll.
  if (!typed || (typed.options.length > 0 && !needsOptions(kind))) {
    throw new ChatError(kind === 'choice' ? 'unread-poll' : 'unread-question', { command });
  }
  const most = kind === 'words' ? WORDS_EACH : 1;
  const asked = createPollSchema.safeParse({ do: 'ask', kind, ...typed, most });
  if (asked.success) return asked.data;
  throw new ChatError(wrongOf(asked.error));
}
