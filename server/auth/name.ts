import { ChatError } from '../core/errors.ts';
import { isTooLong } from '../shared/length.ts';
import { nameSkeleton } from './name-skeleton.ts';

const MAX_CHARACTERS = 32;
/** A character, as a reader counts them, has at most ten code points: the largest emoji does. */
const MAX_CODE_POINTS = MAX_CHARACTERS * 10;

/**
 * A character, as a reader counts them: any emoji; a space; or a visible letter, digit or symbol,
 * with the marks of its script. Two of the marks that fit every script are enough to write with;
 * more are stacked for show.
 */
const CHARACTER = new RegExp(
  String.raw`\p{RGI_Emoji}|\x20|` +
    String.raw`[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]]` +
    String.raw`(?!\p{M}*[\p{M}&&\p{Script=Inherited}]{3})[\p{M}--\p{Default_Ignorable_Code_Point}]{0,4}`,
  'gv',
);
/** A name of only dots and dashes cannot be read aloud. */
const HAS_LETTER = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/v;

/**
 * A name as it is displayed: in NFC, trimmed, and with single spaces.
 * @throws ChatError where it does not have 1 to 32 characters, all of them visible
 */
export function parseName(text: unknown): string {
  if (typeof text !== 'string' || isTooLong(text, MAX_CODE_POINTS))
    throw new ChatError('invalid-name');
  const name = text
    .normalize('NFC')
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/^ | $/g, '');
  const characters = name.match(CHARACTER) ?? [];
  const isWhole = characters.join('') === name;
  if (!isWhole || characters.length > MAX_CHARACTERS || !HAS_LETTER.test(name)) {
    throw new ChatError('invalid-name');
  }
  // Some apostrophes are letters to Unicode: they alone do not distinguish a name.
  if (nameSkeleton(name) === '') throw new ChatError('invalid-name');
  return name;
}
