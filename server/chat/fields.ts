import { z } from 'zod';

/* What a client sends, by JSON or by a form; a form knows only texts. */

/** A box that is ticked says `on`. */
export const flag = z.union([z.boolean(), z.literal('on'), z.literal('')]).transform((on) => !!on);

export const count = (most: number) => z.coerce.number().int().min(0).max(most);

/** `null` where nothing was chosen. At most a year. */
export const minutes = z.preprocess(
  (text) => (text === '' || text === undefined ? null : text),
  z.coerce.number().int().min(1).max(525_600).nullable(),
);

/** Files by their ids; a form names a single one as a text, and none by an empty one. */
export const files = z.preprocess(
  (value) => (value === undefined || value === '' ? [] : [value].flat()),
  z
    .array(z.string().regex(/^[\da-f]{32}$/))
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length),
);
