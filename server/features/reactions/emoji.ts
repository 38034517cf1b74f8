import { z } from 'zod';

/** The longest emoji there are, families and flags of regions, are shorter. */
const MAX_UNITS = 40;

/** U+FE0F asks for the colourful form of a character that has a plain one, too. */
const PRESENTATION = '\ufe0f';

/** What is shown in colour only where it is asked for, unless a skin tone asks for it. */
const TEXT_STYLE = /\p{Emoji}(?<!\p{Emoji_Presentation})(?!\p{Emoji_Modifier})/gu;

/**
 * One emoji as Unicode recommends to write it (UTS 51, fully qualified): however a keyboard wrote
 * it, it is the same reaction. What is no emoji stays none.
 */
export function normalizeEmoji(text: string): string {
  return text.trim().replaceAll(PRESENTATION, '').replace(TEXT_STYLE, `$&${PRESENTATION}`);
}

export const emoji = z
  .string()
  .max(MAX_UNITS)
  .transform(normalizeEmoji)
  .pipe(z.string().regex(/^\p{RGI_Emoji}$/v));
