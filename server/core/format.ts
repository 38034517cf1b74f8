import { StartupError } from './errors.ts';

/**
 * The newest rules for applying events to a log that several servers share; this version has those before
 * them, too. docs/new-feature.md says when a change needs a new format.
 */
export const NEWEST_FORMAT = 1;

export function isKnownFormat(format: number): boolean {
  return format === NEWEST_FORMAT || format === NEWEST_FORMAT - 1;
}

/** @throws StartupError where the format in force is one that this version does not have */
export function assertKnownFormat(format: number): void {
  if (isKnownFormat(format)) return;
  throw new StartupError(
    `The history of the cluster is in format ${format}, and the newest that this version of Typhoon knows is ` +
      `${NEWEST_FORMAT}. Nothing was changed. Use the version of the other nodes: see docs/cluster.md.`,
  );
}
