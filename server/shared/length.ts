/** UTF-16 units of one character before NFC makes it one: an omega with three marks. */
const UNITS_PER_CHARACTER = 4;

/** The most UTF-16 units that a text of so many characters may come in. */
export function maxUnits(characters: number): number {
  return characters * UNITS_PER_CHARACTER;
}

/**
 * Whether a text is too long to have no more than so many characters, however it is written. This is
 * asked before a text is normalized, split, matched or counted: to normalize a pile of combining
 * marks takes time that grows with the square of its height.
 */
export function isTooLong(text: string, characters: number): boolean {
  return text.length > maxUnits(characters);
}

/** Unicode characters of a text, counted where they stand: a list of them is slow to make. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count += 1;
  return count;
}
