import { ChatError } from '../../core/errors.ts';
import { countCharacters, isTooLong } from '../../shared/length.ts';

/** The longest message, in Unicode characters. */
export const MAX_CHARACTERS = 4_000;

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
