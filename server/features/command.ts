import { z } from 'zod';
import { MAX_ROOM_PASSWORD } from '../auth/room-password.ts';
import { ChatError, type ErrorCode } from '../core/errors.ts';
import { fold } from '../shared/fold.ts';
import { countCharacters, isTooLong, maxUnits } from '../shared/length.ts';
import { files, flag, intUpTo, list, minutes, text } from './fields.ts';
import { createPollSchema, wrongOf } from './polls/create-poll.ts';
import { MAX_SUGGESTIONS } from './polls/poll-kinds.ts';
import { emoji } from './reactions/emoji.ts';

/** The longest message, in Unicode characters. */
export const MAX_CHARACTERS = 4_000;

const id = intUpTo(Number.MAX_SAFE_INTEGER);
/** The chosen options; a form sends a single one as a string. */
const optionList = z.preprocess(
  (value) => (value === undefined ? [] : value),
  list(intUpTo(19), 20),
);
const uid = z.uuid();
const topic = text(200).pipe(z.string().regex(/^\P{Cc}*$/u));
const word = text(MAX_ROOM_PASSWORD, 'NFKC');

/** A poll option that a user suggests: one line. Its maximum length depends on the kind of poll. */
const suggestion = z
  .string()
  .max(maxUnits(300))
  .transform((text) => text.normalize('NFC').replace(/\s+/gu, ' ').trim())
  .pipe(
    z
      .string()
      .max(1_000)
      .refine((text) => fold(text) !== '')
      .regex(/^\P{Cc}*$/u),
  );

const cid = z.string().regex(/^[\w-]{1,64}$/);

/** Tornado's `{"uid", "message"}` and ours. The server knows the user, so `uid` is ignored. */
const postMessage = z
  .object({
    message: z.string(),
    cid: cid.nullish(),
    /** The message it replies to; a form sends an empty string for none. */
    reply: z.preprocess((text) => (text === '' ? null : text), id.nullish()),
    files,
  })
  .transform(({ cid, reply, ...said }) => ({
    do: 'say' as const,
    ...said,
    cid: cid ?? null,
    reply: reply ?? null,
  }));

/** What moderators can do to a room. */
const roomAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('topic'), text: topic }),
  z.object({ do: z.literal('listed'), on: flag.default(false) }),
  z.object({ do: z.literal('worded'), word }),
  z.object({ do: z.literal('locked'), on: flag.default(false) }),
  z.object({ do: z.literal('slowed'), seconds: intUpTo(3_600) }),
  z.object({ do: z.literal('cleared') }),
  z.object({ do: z.literal('pinned'), id, on: flag.default(false) }),
  z.object({ do: z.literal('silenced'), uid, minutes, address: flag.default(false) }),
  z.object({ do: z.literal('removed'), uid, minutes, address: flag.default(false) }),
  z.object({ do: z.literal('pardoned'), uid }),
  z.object({ do: z.literal('handed'), uid }),
]);

/** All commands except posting a message. */
const otherCommand = z.discriminatedUnion('do', [
  z.object({ do: z.literal('here'), away: flag.default(false) }),
  z.object({ do: z.literal('typing') }),
  z.object({ do: z.literal('edit'), id, message: z.string() }),
  z.object({ do: z.literal('delete'), id }),
  z.object({ do: z.literal('react'), id, emoji, on: flag.nullable().default(null) }),
  createPollSchema,
  z.object({ do: z.literal('vote'), id, option: optionList }),
  z.object({
    do: z.literal('choose'),
    id,
    option: intUpTo(MAX_SUGGESTIONS - 1),
    on: flag.default(true),
  }),
  z.object({ do: z.literal('suggest'), id, suggestion, on: flag.default(true) }),
  z.object({
    do: z.literal('mark'),
    id,
    option: intUpTo(MAX_SUGGESTIONS - 1),
    as: z.enum(['open', 'answered', 'dropped']),
  }),
  z.object({ do: z.enum(['close-poll', 'open-poll', 'reset-poll', 'reveal-poll']), id }),
  roomAction,
]);

/** A command of a client. */
export type Command = z.infer<typeof postMessage> | z.infer<typeof otherCommand>;
export type PostMessage = z.infer<typeof postMessage>;
export type RoomActionCommand = z.infer<typeof roomAction>;

/**
 * Parses a command.
 * @throws ChatError if it is invalid
 */
export function parseCommand(value: unknown): Command {
  const isOther = typeof value === 'object' && value !== null && 'do' in value;
  const { success, data, error } = (isOther ? otherCommand : postMessage).safeParse(value);
  if (success) return data;
  const wrong = String(error.issues[0]?.path[0]);
  if (wrong === 'options') throw new ChatError(wrongOf(error));
  throw new ChatError(
    isOther ? (ERROR_BY_FIELD[wrong] ?? 'bad-act') : (POST_ERROR_BY_FIELD[wrong] ?? 'no-message'),
  );
}

const clientIdSchema = z.object({ cid });

/** The client id of a message, even if the rest of it is invalid. */
export function parseClientId(value: unknown): string | null {
  return clientIdSchema.safeParse(value).data?.cid ?? null;
}

const ERROR_BY_FIELD: Readonly<Record<string, ErrorCode>> = {
  text: 'bad-topic',
  word: 'bad-word',
  question: 'bad-question',
  option: 'bad-vote',
  suggestion: 'no-suggestion',
  message: 'no-message',
  emoji: 'bad-emoji',
};
const POST_ERROR_BY_FIELD: Readonly<Record<string, ErrorCode>> = {
  cid: 'bad-cid',
  reply: 'no-such-message',
  files: 'bad-files',
};

const createRoom = z.object({
  topic: topic.default(''),
  word: word.default(''),
  listed: flag.default(false),
});

/** Parses the settings of a new room. @throws ChatError */
export function parseCreateRoom(value: unknown): z.infer<typeof createRoom> {
  const { success, data, error } = createRoom.safeParse(value);
  if (success) return data;
  throw new ChatError(error.issues[0]?.path[0] === 'word' ? 'bad-word' : 'bad-topic');
}

const BLANK_LINES = /^\s*\n/;

/**
 * Normalizes the text of a message: line ends become `\n`, white space around it is trimmed (of
 * several lines, the first keeps its indentation), and what no screen can show (a lone surrogate,
 * a control character) becomes U+FFFD.
 * @param mayBeEmpty whether the message has other content than its text
 * @throws ChatError if nothing is left, or it is too long
 */
export function normalizeBody(message: string, mayBeEmpty = false): string {
  if (isTooLong(message, MAX_CHARACTERS)) throw tooLong(message);
  const text = message
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd')
    .trimEnd();
  const body = text.includes('\n', text.search(/\S/))
    ? text.replace(BLANK_LINES, '')
    : text.trimStart();
  if (/^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(body)) {
    if (mayBeEmpty) return '';
    throw new ChatError('empty');
  }
  if (countCharacters(body) > MAX_CHARACTERS) throw tooLong(body);
  return body;
}

function tooLong(text: string): ChatError {
  return new ChatError('too-long', { count: countCharacters(text), max: MAX_CHARACTERS });
}
