import { fold } from './fold.ts';
import { isTooLong } from './length.ts';

/**
 * A letter, digit, `-` or `_`. A letter may have two marks, as in many scripts. Invisible letters,
 * such as the Hangul filler, don't count as letters.
 */
const LETTER = String.raw`(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{Nd}_\-]\p{M}{0,2}`;
const MAX_LETTERS = 40;
const NAME = new RegExp(`^(?:${LETTER}){1,${MAX_LETTERS}}$`, 'u');
const EACH = new RegExp(`(${LETTER})|.`, 'gsu');
const LONGEST = new RegExp(`^(?:${LETTER}){0,${MAX_LETTERS}}`, 'u');
/** Characters of a title without letters, by whose numbers its room is named. */
const MAX_NUMBERS = 5;

/** Each letter may have two marks. */
export const MAX_NAME_CHARACTERS = MAX_LETTERS * 3;

/** Whether a text is the name of a room: 1 to 40 letters, composed. Old ones have capitals, too. */
export function isRoomName(text: string): boolean {
  const isShort = !isTooLong(text, MAX_NAME_CHARACTERS);
  return isShort && text.normalize('NFC') === text && NAME.test(text);
}

/**
 * The name of a room in its address, derived from its title: `Biology 7B` is at `/rooms/biology-7b`.
 * A title without letters, such as an emoji, is named by the numbers of its characters. Linear in the
 * length of the title, which the caller limits. Empty where nothing of the title is visible.
 */
export function toRoomName(title: string): string {
  const folded = fold(title);
  const dashed = folded
    .replace(EACH, (_, letter: string | undefined) => letter ?? '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-/, '');
  const name = (LONGEST.exec(dashed)?.[0] ?? '').replace(/-$/, '');
  return name || numbersOf(folded);
}

function numbersOf(text: string): string {
  const numbers = [...text].slice(0, MAX_NUMBERS).map((sign) => sign.codePointAt(0)?.toString(16));
  return numbers.join('-');
}
