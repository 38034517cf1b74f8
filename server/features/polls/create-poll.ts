import { z } from 'zod';
import { ChatError, type ErrorCode } from '../../core/errors.ts';
import { fold } from '../../shared/fold.ts';
import { parseSlashCommand } from '../../shared/slash-command.ts';
import { flag, id, intUpTo, list, minutes, optionalFiles, text } from '../fields.ts';
import type { PreparedSpec } from './events.ts';
import {
  acceptsSuggestions,
  hasGivenOptions,
  initialOptions,
  kindOfCommand,
  POLL_KINDS,
  pollKinds,
} from './poll-kinds.ts';
import { readTypedPoll } from './typed-poll.ts';

/** Options that are read, including empty ones. */
const MAX_LINES = 100;

/** The error of duplicate options. */
const SAME = 'same';
/** The error of an image of an option without a text. */
const NO_TEXT = 'no-text';

/** A text with something visible in it. */
const visible = (characters: number) =>
  text(characters).transform((written) => (fold(written) === '' ? '' : written));

/** A list, in which an empty text is a row that was left empty, or the lines of a text. */
const options = z
  .preprocess(
    (value) => (typeof value === 'string' ? linesOf(value) : value),
    list(visible(100), MAX_LINES),
  )
  .refine(
    (texts) => {
      const there = texts.filter(Boolean);
      return new Set(there.map(fold)).size === there.length;
    },
    { path: [SAME] },
  )
  .refine((texts) => texts.filter(Boolean).length <= 20);

function linesOf(text: string): string[] {
  return text.split('\n', MAX_LINES + 1).filter((line) => line.trim() !== '');
}

/** A poll as requested by a client: to be started, or to be prepared. */
const pollSchema = <T extends string>(type: T) =>
  z
    .object({
      type: z.literal(type),
      /** The prepared poll that it was; a form sends an empty string for none. */
      prepared: z.preprocess(
        (value) => (value === '' || value === undefined ? null : value),
        id.nullable(),
      ),
      kind: z.enum(pollKinds).default('choice'),
      question: visible(300).pipe(z.string().min(1)),
      options: options.default([]),
      maxChoices: intUpTo(20).pipe(z.number().min(1)).default(1),
      resultsVisibility: z.enum(['always', 'after-vote', 'after-close']).default('always'),
      /** Votes can't be changed. */
      finalVotes: flag.default(false),
      /** Voters' names are shown. */
      showVoters: flag.default(false),
      /** What users suggest is shown once it is approved. */
      needsApproval: flag.default(false),
      minutes,
      /** The images of the options, in their order; an empty string for an option without one. */
      files: optionalFiles,
    })
    .refine(({ options, files }) => files.every((id, row) => id === '' || options[row] !== ''), {
      path: ['files', NO_TEXT],
    })
    .transform(({ options, files, ...poll }) => ({
      ...poll,
      options: options.filter(Boolean),
      files: optionImages(options, files),
    }))
    .refine(({ kind, options }) => !hasGivenOptions(kind) || options.length >= 2, {
      path: ['options'],
    });

export const createPollSchema = pollSchema('create-poll');
export const preparePollSchema = pollSchema('prepare-poll');

/** An image of an option. */
interface OptionImage {
  /** The id of its file. */
  readonly id: string;
  /** The index of the option among those with a text. */
  readonly option: number;
}

function optionImages(rows: readonly string[], files: readonly string[]): OptionImage[] {
  let option = 0;
  return files.flatMap((id, row) => {
    const image = { id, option };
    // Files after the last row are refused later.
    if (rows[row] !== '') option += 1;
    return id === '' ? [] : [image];
  });
}

/** What is wrong with a poll, if it is the question, the options or their images. */
export function wrongOf({ issues }: z.ZodError): ErrorCode {
  const [field, ...more] = issues[0]?.path ?? [];
  if (field === 'question') return 'invalid-question';
  if (field === 'files') return more.includes(NO_TEXT) ? 'missing-option-text' : 'invalid-files';
  return more.includes(SAME) ? 'duplicate-options' : 'invalid-options';
}

type CreatePoll = z.infer<typeof createPollSchema>;
type RequestedPoll = CreatePoll | z.infer<typeof preparePollSchema>;

export function toPreparedSpec(requested: RequestedPoll): PreparedSpec {
  const { kind, question, maxChoices, resultsVisibility, finalVotes, showVoters, minutes } =
    requested;
  const traits = POLL_KINDS[kind];
  const needsApproval = requested.needsApproval && acceptsSuggestions(kind);
  const options = initialOptions(kind, requested.options);
  return {
    kind,
    question,
    options,
    maxChoices: traits.maxChoices(maxChoices, options),
    canChangeVote: !finalVotes || acceptsSuggestions(kind),
    resultsVisibility: traits.isAlwaysPublic ? 'always' : resultsVisibility,
    isAnonymous: !showVoters,
    ...(needsApproval && { needsApproval }),
    minutes,
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
