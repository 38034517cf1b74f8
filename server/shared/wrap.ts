/** Characters of double width: Chinese, Japanese, Korean, and emoji (UAX 11). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u;
/** A character with its marks, and what is joined to it. */
const SIGN = /.(?:\u200d.|[\p{M}\p{Emoji_Modifier}])*/gsu;
/** Letters that are wide in most fonts. */
const BROAD = /[\p{Lu}mw@%—…]/u;
/** What a line can be broken after: a word with the space after it, or a wide character. */
const PIECES = new RegExp(`(?:${WIDE.source})\\s*|(?:(?!${WIDE.source})\\S)+\\s*|\\s+`, 'gu');

/** The approximate width of a text, in letters: the sum of its characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
}

function widthOfOne(character: string): number {
  // ASCII has no wide characters.
  if (character > '\x7f' && WIDE.test(character)) return 2;
  return BROAD.test(character) ? 1.5 : 1;
}

/** Wraps a text into lines about `most` letters wide: between words, or within a longer word. */
export function wrap(text: string, maxWidth: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const piece of pieces(text, maxWidth)) {
    const word = piece.trimEnd();
    const wordWidth = widthOf(word);
    if (width + wordWidth > maxWidth) {
      lines.push(line.trimEnd());
      line = '';
      width = 0;
    }
    line += piece;
    width += wordWidth + widthOf(piece.slice(word.length));
  }
  return [...lines, line.trimEnd()].filter(Boolean);
}

function pieces(text: string, maxWidth: number): readonly string[] {
  const words = text.match(PIECES) ?? [];
  return words.flatMap((word) => (widthOf(word) > maxWidth ? parts(word, maxWidth) : [word]));
}

/** Splits a word that is wider than a line. */
function parts(word: string, most: number): readonly string[] {
  const found: string[] = [];
  let part = '';
  let width = 0;
  for (const sign of word.match(SIGN) ?? []) {
    const signWidth = widthOf(sign);
    if (width + signWidth > most) {
      found.push(part);
      part = '';
      width = 0;
    }
    part += sign;
    width += signWidth;
  }
  return [...found, part];
}
