/** Characters that take the room of two: Chinese, Japanese, Korean, and pictures (UAX 11). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u;
/** A sign with what belongs to it: its marks, and what is joined to it. */
const SIGN = /.(?:\u200d.|[\p{M}\p{Emoji_Modifier}])*/gsu;
/** Letters that are broad in most fonts. */
const BROAD = /[\p{Lu}mw@%—…]/u;
/** What may stand at the end of a line: a word with the space after it, or a wide character. */
const PIECES = new RegExp(`(?:${WIDE.source})\\s*|(?:(?!${WIDE.source})\\S)+\\s*|\\s+`, 'gu');

/** About how wide a text is, in the widths of a letter. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOfOne(character), 0);
}

function widthOfOne(character: string): number {
  if (WIDE.test(character)) return 2;
  return BROAD.test(character) ? 1.5 : 1;
}

/** A text in lines about as wide as `most` letters: between words, or within one that is longer. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text, most)) {
    if (widthOf(line + piece.trimEnd()) > most) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()].filter(Boolean);
}

function pieces(text: string, most: number): readonly string[] {
  const words = text.match(PIECES) ?? [];
  return words.flatMap((word) => (widthOf(word) > most ? parts(word, most) : [word]));
}

/** What is wider than a line, in parts that are not. */
function parts(word: string, most: number): readonly string[] {
  const found = [''];
  for (const sign of word.match(SIGN) ?? []) {
    const last = found.length - 1;
    if (widthOf((found[last] ?? '') + sign) > most) found.push(sign);
    else found[last] += sign;
  }
  return found;
}
