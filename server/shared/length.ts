/** The UTF-16 units that NFC may compose into one character: an omega with three marks. */
const UNITS_PER_CHARACTER = 4;

/** The maximum number of UTF-16 units in a text with this many characters. */
export function maxUnits(characters: number): number {
  return characters * UNITS_PER_CHARACTER;
}

/**
 * Whether a text is too long to have at most this many characters, however it is encoded. Checked
 * before a text is normalized, split, matched or counted: normalizing a stack of combining marks
 * takes quadratic time.
 */
export function isTooLong(text: string, characters: number): boolean {
  return text.length > maxUnits(characters);
}

/** Made when it is first needed: that takes some 8 ms of a start. */
let graphemes: Intl.Segmenter | undefined;

/** Counts characters as a reader does (Unicode Standard Annex 29). The caller limits the length. */
export function countGraphemes(text: string): number {
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/** Counts Unicode characters without an array of them, which would be slow. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}
