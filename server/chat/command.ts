import { z } from 'zod';
import { Refusal } from '../errors.ts';

/** The longest message, in Unicode characters. */
export const MAX_CHARACTERS = 4_000;

/** What a client wants done in a room: to say something. */
export interface Command {
  readonly message: string;
  readonly cid: string | null;
}

/** Tornado's `{"uid", "message"}` and ours; whose socket it is the server knows, so `uid` is ignored. */
const shape = z.object({
  message: z.string(),
  cid: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .nullish(),
});

/**
 * Decodes what a client sent.
 * @throws Refusal where it is not a command
 */
export function readCommand(value: unknown): Command {
  const { success, data, error } = shape.safeParse(value);
  if (success) return { message: data.message, cid: data.cid ?? null };
  throw new Refusal(error.issues.some(({ path }) => path[0] === 'cid') ? 'bad-cid' : 'no-message');
}

/**
 * The text of a message, its line ends as `\n`, without white space around it. What no screen shows
 * as it is (half a character, a control character) becomes U+FFFD.
 * @throws Refusal where nothing is left, or it is too long
 */
export function readBody(message: string): string {
  const body = message
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd')
    .trim();
  if (/^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(body)) throw new Refusal('empty');
  const count = body.length > MAX_CHARACTERS ? [...body].length : 0;
  if (count > MAX_CHARACTERS) throw new Refusal('too-long', { count, max: MAX_CHARACTERS });
  return body;
}
