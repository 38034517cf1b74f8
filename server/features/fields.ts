import { z } from 'zod';
import { maxUnits } from '../shared/length.ts';

/* What a client sends, by JSON or by a form; a form knows only texts. */

/** A box that is ticked says `on`. */
export const flag = z.union([z.boolean(), z.literal('on'), z.literal('')]).transform((on) => !!on);

/** A number in digits is no longer than this. */
const MAX_DIGITS = 20;
const number = z.union([z.number(), z.string().max(MAX_DIGITS).transform(Number)]);

export const intUpTo = (most: number) => number.pipe(z.number().int().min(0).max(most));

/**
 * A text of so many characters, in the form of Unicode that is kept, without white space around it.
 * It is measured first.
 */
export const text = (characters: number, form: 'NFC' | 'NFKC' = 'NFC') =>
  z
    .string()
    .max(maxUnits(characters))
    .transform((raw) => raw.normalize(form).trim())
    .pipe(z.string().max(characters));

/** A list, or the single text for one of a single item, of which so many are looked at. */
export const list = <T extends z.ZodType>(item: T, most: number) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z
      .custom<readonly unknown[]>((items) => (items as readonly unknown[]).length <= most)
      .pipe(z.array(item)),
  );

/** `null` where nothing was chosen. At most a year. */
export const minutes = z.preprocess(
  (text) => (text === '' || text === undefined ? null : text),
  number.pipe(z.number().int().min(1).max(525_600)).nullable(),
);

/** Files by their ids; a form names a single one as a text, and none by an empty one. */
export const files = z.preprocess(
  (value) => (value === undefined || value === '' ? [] : value),
  list(z.string().regex(/^[\da-f]{32}$/), 20).refine((ids) => new Set(ids).size === ids.length),
);
