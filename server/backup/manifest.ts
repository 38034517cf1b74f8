import { z } from 'zod';
import { StartupError } from '../core/errors.ts';
import type { LogPosition } from '../core/log.ts';

/** The name of the manifest in a backup: its last entry, so that one that was cut off has none. */
export const MANIFEST = 'manifest.json';

/** A name of an entry: the database, the keys that sign cookies, an upload or its preview. */
export const ENTRY = /^(?:chat\.sqlite|secret|files\/[\da-f]{32}(?:\.preview)?)$/;

const CURSOR = z.string().regex(/^[0-9a-z]{1,32}\.\d{1,15}$/);

const SCHEMA = z.object({
  format: z.literal(1),
  /** The version of Typhoon that wrote it. */
  version: z.string().max(40),
  at: z.iso.datetime(),
  /** The position of its log, as `epoch.seq`. */
  cursor: CURSOR,
  /** It lacks the files that were uploaded before this position: an earlier backup has them. */
  since: CURSOR.optional(),
  entries: z.record(
    z.string().regex(ENTRY),
    z.object({ bytes: z.int().nonnegative(), sha256: z.string().length(64) }),
  ),
  /** Files of the database that were not on the disk: a message was deleted meanwhile, or before. */
  missing: z.array(z.string().regex(/^[\da-f]{32}$/)),
});

/** What a backup says about itself. */
export type Manifest = Readonly<z.infer<typeof SCHEMA>>;
export type Entries = Manifest['entries'];

/** @throws StartupError where it is not one of this version */
export function parseManifest(text: string): Manifest {
  try {
    return SCHEMA.parse(JSON.parse(text));
  } catch (error) {
    throw new StartupError('the manifest of the backup is not one that this version can read.', {
      cause: error,
    });
  }
}

/** @throws StartupError where it is not a cursor of the form `epoch.seq` */
export function parsePosition(cursor: string): LogPosition {
  const [epoch = '', head = ''] = cursor.split('.');
  if (CURSOR.safeParse(cursor).success) return { epoch, head: Number(head) };
  throw new StartupError(
    `"${cursor}" is not a cursor: a backup prints its own, such as 4f2a.1234.`,
  );
}
