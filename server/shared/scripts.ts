/** Scripts written without spaces between words, as part of a character class. */
export const UNSPACED_SCRIPTS = 'Hani Hira Kana Hang Bopo Thai Laoo Khmr Mymr Tibt'
  .split(' ')
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');

/** A character of such a script, or full-width punctuation. */
export const UNSPACED = new RegExp(
  String.raw`^[${UNSPACED_SCRIPTS}\u3000-\u303f\uff00-\uffef]$`,
  'u',
);

/** The whole character before an index of a text; empty at its start. */
export function characterBefore(text: string, at: number): string {
  const isPair = at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff;
  return text.slice(Math.max(0, at - (isPair ? 2 : 1)), at);
}

/** The whole character at an index of a text; empty at its end. */
export function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}
