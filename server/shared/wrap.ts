/** Characters that take the room of two: Chinese, Japanese, Korean, and pictures (UAX 11). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u;
/** A sign with what belongs to it: its marks, and what is joined to it. */
const SIGN = /.(?:\u200d.|[\p{M}\p{Emoji_Modifier}])*/gsu;
/** Letters that are broad in most fonts. */
const BROAD = /[\p{Lu}mw@%—…]/u;
/** What may stand at the end of a line: a word with the space after it, or a wide character. */
const PIECES = new RegExp(`(?:${WIDE.source})\\s*|(?:(?!${WIDE.source})\\S)+\\s*|\\s+`, 'gu');

/** About how wide a text is, in the widths of a letter: as wide as its characters together. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
}

function widthOfOne(character: string): number {
  // ASCII has nothing wide.
  if (character > '\x7f' && WIDE.test(character)) return 2;
  return BROAD.test(character) ? 1.5 : 1;
}

/** A text in lines about as wide as `most` letters: between words, or within one that is longer. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const piece of pieces(text, most)) {
    const word = piece.trimEnd();
    const wordWidth = widthOf(word);
    if (width + wordWidth > most) {
      lines.push(line.trimEnd());
      line = '';
      width = 0;
    }
    line += piece;
    width += wordWidth + widthOf(piece.slice(word.length));
  }
  return [...lines, line.trimEnd()].filter(Boolean);
}

function pieces(text: string, most: number): readonly string[] {
  const words = text.match(PIECES) ?? [];
  return words.flatMap((word) => (widthOf(word) > most ? parts(word, most) : [word]));
}

/** What is wider than a line, in parts that are not. */
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
