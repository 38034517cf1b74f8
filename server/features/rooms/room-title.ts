import { fold } from '../../shared/fold.ts';
import { countGraphemes, maxUnits } from '../../shared/length.ts';
import { line } from '../fields.ts';

/** The longest title, in characters as a reader counts them. */
const MAX_TITLE = 80;
/** In UTF-16 units, before it is normalized: a character may be an emoji of several. */
export const MAX_TITLE_UNITS = maxUnits(MAX_TITLE * 2);

/** The title of a room: any visible text in one line. */
export const roomTitle = line(MAX_TITLE_UNITS).refine(
  (text) => fold(text) !== '' && countGraphemes(text) <= MAX_TITLE,
);
