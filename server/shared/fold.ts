/** What no reader sees, and the flags of England, Scotland and Wales, which differ in nothing else. */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f})|[\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\ufff9-\ufffb]/gu;
/** Case mapping goes both ways so that ẞ, ß and ss are one; it must not make an i of the dotless one. */
const CASED = /[^ı]+/gu;

/**
 * The same for texts that differ only in case, width, compatibility forms, white space or characters
 * that nobody sees: NFKC with full case folding (Unicode, section 3.13, toNFKC_Casefold). For comparing
 * and for searching, not for showing. Accents stay. Linear in the length of the text, which the
 * caller bounds: one character may become 18.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '$1')
    .replace(CASED, (part) => part.toLowerCase().toUpperCase().toLowerCase())
    .replaceAll('ς', 'σ')
    .normalize('NFKC')
    .replace(/ +/g, ' ')
    .trim();
}

const BEFORE = /^[\p{Ps}\p{Pi}"'¿¡ ]+/u;
const AFTER = '.,:;!?。、"\'~〜 ';
const CLOSING = /[\p{Pe}\p{Pf}\p{Pi}]/u;

/**
 * The same, too, for words that differ only in the punctuation of the sentence around them. Signs that
 * belong to a word stay (`C#`, `A+`, `.NET`), and so does what is punctuation alone.
 */
export function foldWord(text: string): string {
  const folded = fold(text);
  let end = folded.length;
  while (end > 0 && isClosing(folded.charAt(end - 1))) end -= 1;
  return folded.slice(0, end).replace(BEFORE, '') || folded;
}

function isClosing(sign: string): boolean {
  return AFTER.includes(sign) || CLOSING.test(sign);
}
