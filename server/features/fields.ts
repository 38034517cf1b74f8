import { z } from 'zod';
import { maxUnits } from '../shared/length.ts';

/* Fields of commands, in JSON or from a form, where every value is a string. */

/** A checked checkbox sends `on`. */
export const flag = z.union([z.boolean(), z.literal('on'), z.literal('')]).transform((on) => !!on);

/** The maximum length of a number in digits. */
const MAX_DIGITS = 20;
const number = z.union([z.number(), z.string().max(MAX_DIGITS).transform(Number)]);

export const intUpTo = (max: number) => number.pipe(z.number().int().min(0).max(max));

/** The id of a message. */
export const id = intUpTo(Number.MAX_SAFE_INTEGER);
export const uid = z.uuid();

/**
 * A string of limited length, normalized and trimmed. Its length is checked before it is
 * normalized, and ends the parsing: a refinement would still get what is too long.
 */
export const text = (characters: number, form: 'NFC' | 'NFKC' = 'NFC') =>
  z
    .string()
    .max(maxUnits(characters), { abort: true })
    .transform((raw) => raw.normalize(form).trim())
    .pipe(z.string().max(characters));

/**
 * A line of text, normalized and trimmed, with single spaces. Its length is checked before it is
 * normalized, as that of `text`.
 * @param maxUnits UTF-16 code units
 */
export const line = (maxUnits: number) =>
  z
    .string()
    .max(maxUnits, { abort: true })
    .transform((raw) => raw.toWellFormed().normalize('NFC').replace(/\s+/gu, ' ').trim())
    .pipe(z.string().regex(/^\P{Cc}*$/u, { abort: true }));

/** An array of at most `most` items; a single value stands for an array of one. */
export const list = <T extends z.ZodType>(item: T, most: number) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z
      .custom<readonly unknown[]>((items) => (items as readonly unknown[]).length <= most)
      .pipe(z.array(item)),
  );

/** `null` if nothing was chosen. At most a year. */
export const minutes = z.preprocess(
  (text) => (text === '' || text === undefined ? null : text),
  number.pipe(z.number().int().min(1).max(525_600)).nullable(),
);

/** File ids, and an empty string for a field of a form without a file. */
export const optionalFiles = z.preprocess(
  (value) => (value === undefined ? [] : value),
  list(z.string().regex(/^(?:[\da-f]{32})?$/), 20).refine((all) => {
    const ids = all.filter(Boolean);
    return new Set(ids).size === ids.length;
  }),
);

/** File ids; a form sends a single one as a string, and an empty string for none. */
export const files = optionalFiles.transform((ids) => ids.filter(Boolean));
