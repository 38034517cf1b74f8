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
const password = text(MAX_ROOM_PASSWORD, 'NFKC');

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
    type: 'post-message' as const,
    ...said,
    cid: cid ?? null,
    reply: reply ?? null,
  }));

/** What moderators can do to a room. */
const roomAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('set-topic'), text: topic }),
  z.object({ type: z.literal('set-listed'), enabled: flag.default(false) }),
  z.object({ type: z.literal('set-password'), password }),
  z.object({ type: z.literal('set-locked'), enabled: flag.default(false) }),
  z.object({ type: z.literal('set-slow-mode'), seconds: intUpTo(3_600) }),
  z.object({
    type: z.literal('set-poll-creators'),
    creators: z.enum(['moderators', 'everyone']),
  }),
  z.object({ type: z.literal('clear-history') }),
  z.object({ type: z.enum(['pin', 'unpin']), id }),
  z.object({ type: z.literal('mute'), uid, minutes, address: flag.default(false) }),
  z.object({ type: z.literal('ban'), uid, minutes, address: flag.default(false) }),
  z.object({ type: z.literal('lift-restrictions'), uid }),
  z.object({ type: z.literal('transfer-ownership'), uid }),
]);

/** All commands except posting a message. */
const otherCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('presence'), isAway: flag.default(false) }),
  z.object({ type: z.literal('typing') }),
  z.object({ type: z.literal('edit'), id, message: z.string() }),
  z.object({ type: z.literal('delete'), id }),
  z.object({ type: z.literal('react'), id, emoji, enabled: flag.nullable().default(null) }),
  createPollSchema,
  z.object({ type: z.literal('set-votes'), id, options: optionList }),
  z.object({
    type: z.literal('toggle-vote'),
    id,
    option: intUpTo(MAX_SUGGESTIONS - 1),
    enabled: flag.default(true),
  }),
  z.object({ type: z.literal('suggest-option'), id, suggestion, enabled: flag.default(true) }),
  z.object({
    type: z.literal('moderate-option'),
    id,
    option: intUpTo(MAX_SUGGESTIONS - 1),
    state: z.enum(['open', 'answered', 'removed']),
  }),
  z.object({ type: z.enum(['close-poll', 'reopen-poll', 'reset-poll', 'reveal-poll']), id }),
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
  const isOther = typeof value === 'object' && value !== null && 'type' in value;
  const { success, data, error } = (isOther ? otherCommand : postMessage).safeParse(value);
  if (success) {
    if (isOther && hasInvalidClientId(value)) throw new ChatError('invalid-cid');
    return data;
  }
  const wrong = String(error.issues[0]?.path[0]);
  if (wrong === 'options' && isOther && value.type === 'create-poll')
    throw new ChatError(wrongOf(error));
  throw new ChatError(
    isOther
      ? (ERROR_BY_FIELD[wrong] ?? 'unknown-action')
      : (POST_ERROR_BY_FIELD[wrong] ?? 'missing-message'),
  );
}

const clientIdSchema = z.object({ cid });

/** The client id of a command, even if the rest of it is invalid. */
export function parseClientId(value: unknown): string | null {
  return clientIdSchema.safeParse(value).data?.cid ?? null;
}

function hasInvalidClientId(value: object): boolean {
  return 'cid' in value && value.cid !== null && parseClientId(value) === null;
}

const ERROR_BY_FIELD: Readonly<Record<string, ErrorCode>> = {
  text: 'invalid-topic',
  password: 'invalid-password',
  question: 'invalid-question',
  option: 'no-such-option',
  options: 'no-such-option',
  suggestion: 'missing-answer',
  message: 'missing-message',
  emoji: 'invalid-emoji',
};
const POST_ERROR_BY_FIELD: Readonly<Record<string, ErrorCode>> = {
  cid: 'invalid-cid',
  reply: 'no-such-message',
  files: 'invalid-files',
};

const createRoom = z.object({
  topic: topic.default(''),
  password: password.default(''),
  listed: flag.default(false),
});

/** Parses the settings of a new room. @throws ChatError */
export function parseCreateRoom(value: unknown): z.infer<typeof createRoom> {
  const { success, data, error } = createRoom.safeParse(value);
  if (success) return data;
  throw new ChatError(
    error.issues[0]?.path[0] === 'password' ? 'invalid-password' : 'invalid-topic',
  );
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
    throw new ChatError('empty-message');
  }
  if (countCharacters(body) > MAX_CHARACTERS) throw tooLong(body);
  return body;
}

function tooLong(text: string): ChatError {
  return new ChatError('too-long', { count: countCharacters(text), max: MAX_CHARACTERS });
}
