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

/** Counts Unicode characters without an array of them, which would be slow. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}
