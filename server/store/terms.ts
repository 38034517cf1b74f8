/** A term of a text, and where it stands there. */
export interface Term {
  /** As it is searched for: whatever its case, its accents and its width. */
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** Of a longer run of letters, no more than this is a term. */
const MAX_TERM = 64;
/**
 * Of a run of letters and marks, so much is looked at: folding makes 18 letters of one at times, and
 * takes away any number of marks.
 */
const MAX_FOLDED = 4 * MAX_TERM;

/** Scripts without a space between two words, or with endings to every word. */
const UNSPACED = ['Han', 'Hira', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr']
  .map((script) => String.raw`\p{sc=${script}}`)
  .join('');

/**
 * A term is a word; in a script without spaces each letter is one, and words are found as a row of
 * them. So is an emoji, whatever its colour.
 */
const TERM = new RegExp(
  String.raw`[${UNSPACED}]\p{M}*|\p{Extended_Pictographic}|\p{RI}` +
    String.raw`|[[\p{L}\p{N}]--[${UNSPACED}]][[\p{L}\p{N}\p{M}]--[${UNSPACED}]]*`,
  'gv',
);

/** The terms of a text, in their order, as far as they are asked for. */
export function* termsOf(text: string): Generator<Term, void, undefined> {
  for (const { 0: found, index } of text.matchAll(TERM)) {
    yield { term: fold(found), start: index, end: index + found.length };
  }
}

function fold(text: string): string {
  const plain = text.slice(0, MAX_FOLDED).normalize('NFKD');
  const bare = plain.replace(/[\u0300-\u036f\s]/g, '');
  return bare.normalize('NFC').toLowerCase().slice(0, MAX_TERM);
}
