/**
 * Invisible characters, and the flags of England, Scotland and Wales, which differ only in these.
 */
const INVISIBLE =
  /(\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f})|[\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\ufff9-\ufffb]/gu;
/** Case mapping goes both ways so that ẞ, ß and ss are equal; a dotless ı must not become an i. */
const CASED = /[^ı]+/gu;

/**
 * Makes texts equal that differ only in case, width, compatibility forms, white space or invisible
 * characters: NFKC with full case folding (Unicode, section 3.13, toNFKC_Casefold). For comparing
 * and searching, not for display. Accents stay. Linear in the length of the text, which the caller
 * limits: one character may become 18.
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
 * Like `fold`, but also ignores the punctuation of the sentence around a word. Punctuation that
 * belongs to a word stays (`C#`, `A+`, `.NET`), and so does a text of punctuation alone.
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
