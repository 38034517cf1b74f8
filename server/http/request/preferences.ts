import type { IncomingMessage } from 'node:http';

const PREFERENCES = ['accept', 'accept-encoding', 'accept-language'] as const;

/** Longer than any that a browser sends, in characters. */
const MAX_LENGTH = 1_000;

/**
 * Leaves out what a client would rather have where it says that at great length: each look at it costs
 * as much again, and a server may answer as it likes (RFC 9110, section 12.1).
 */
export function dropLongPreferences({ headers }: IncomingMessage): void {
  for (const name of PREFERENCES) {
    if ((headers[name]?.length ?? 0) > MAX_LENGTH) delete headers[name];
  }
}
