/** The emoji of a kind of applause: that of its text, if it begins with one. */
export function emojiOf(text: string): string {
  return /^\p{Extended_Pictographic}\ufe0f?/u.exec(text)?.[0] ?? '👏';
}
