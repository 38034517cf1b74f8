/** Characters that take the room of two: Chinese, Japanese, Korean, and pictures (UAX 11). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]|\p{Emoji_Presentation}/u;
/** What may stand at the end of a line: a word with the space after it, or a wide character. */
const PIECES = new RegExp(`(?:${WIDE.source})\\s*|(?:(?!${WIDE.source})\\S)+\\s*|\\s+`, 'gu');

/** About how wide a text is, in the widths of a letter. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
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
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const last = found.length - 1;
    if (widthOf((found[last] ?? '') + segment) > most) found.push(segment);
    else found[last] += segment;
  }
  return found;
}
