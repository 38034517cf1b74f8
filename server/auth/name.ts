import { ChatError } from '../core/errors.ts';
import { isTooLong } from '../shared/length.ts';
import { nameSkeleton } from './name-skeleton.ts';

const MAX_CHARACTERS = 32;
/** What a reader counts as one has no more characters of Unicode: the largest emoji has ten. */
const MAX_CODE_POINTS = MAX_CHARACTERS * 10;

/**
 * What a reader counts as one: an emoji of any make; a space; or a letter, digit or sign that can be
 * seen, with the marks of its script. Two of the marks that fit every script are enough for those
 * who write with them; more are piled up for show.
 */
const CHARACTER = new RegExp(
  String.raw`\p{RGI_Emoji}|\x20|` +
    String.raw`[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800\ufffc\ufffd]]` +
    String.raw`(?!\p{M}*[\p{M}&&\p{Script=Inherited}]{3})[\p{M}--\p{Default_Ignorable_Code_Point}]{0,4}`,
  'gv',
);
/** A name of dots and dashes alone cannot be read out. */
const HAS_LETTER = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/v;

/**
 * A name as it is shown: after NFC, without white space around it, and one space where there was
 * more.
 * @throws ChatError where it does not have 1 to 32 characters, all of them to be seen
 */
export function parseName(text: unknown): string {
  if (typeof text !== 'string' || isTooLong(text, MAX_CODE_POINTS)) throw new ChatError('bad-name');
  const name = text
    .normalize('NFC')
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/^ | $/g, '');
  const characters = name.match(CHARACTER) ?? [];
  const isWhole = characters.join('') === name;
  if (!isWhole || characters.length > MAX_CHARACTERS || !HAS_LETTER.test(name)) {
    throw new ChatError('bad-name');
  }
  // Some apostrophes are letters to Unicode: by these alone nobody is told from another.
  if (nameSkeleton(name) === '') throw new ChatError('bad-name');
  return name;
}
