import { z } from 'zod';
import { fold } from '../../shared/fold.ts';
import { countGraphemes, maxUnits } from '../../shared/length.ts';

/** The longest title, in characters as a reader counts them. */
const MAX_TITLE = 80;
/** In UTF-16 units, before it is normalized: a character may be an emoji of several. */
export const MAX_TITLE_UNITS = maxUnits(MAX_TITLE * 2);

/** The title of a room: any visible text in one line. */
export const roomTitle = z
  .string()
  .max(MAX_TITLE_UNITS)
  .transform((text) => text.toWellFormed().normalize('NFC').replace(/\s+/gu, ' ').trim())
  .pipe(
    z
      .string()
      .regex(/^\P{Cc}*$/u)
      .refine((text) => fold(text) !== '' && countGraphemes(text) <= MAX_TITLE),
  );
