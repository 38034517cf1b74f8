import { z } from 'zod';

/** The maximum length of an emoji; families and regional flags are shorter. */
const MAX_UNITS = 40;

/** U+FE0F selects the emoji style of a character that has a text style, too. */
const PRESENTATION = '\ufe0f';

/** Characters shown as emoji only with that selector or a skin tone. */
const TEXT_STYLE = /\p{Emoji}(?<!\p{Emoji_Presentation})(?!\p{Emoji_Modifier})/gu;

/**
 * Normalizes one emoji as Unicode recommends (UTS 51, fully qualified), so that it is the same
 * reaction from every keyboard. Other text stays invalid.
 */
function normalizeEmoji(text: string): string {
  return text.trim().replaceAll(PRESENTATION, '').replace(TEXT_STYLE, `$&${PRESENTATION}`);
}

/** The expression takes some 15 ms to compile: a start does not wait for it, as it is in a function. */
function isEmoji(text: string): boolean {
  return /^\p{RGI_Emoji}$/v.test(text);
}

export const emoji = z
  .string()
  .max(MAX_UNITS)
  .transform(normalizeEmoji)
  .pipe(z.string().refine(isEmoji));
