import type { IncomingMessage } from 'node:http';

const PREFERENCES = ['accept', 'accept-encoding', 'accept-language'] as const;

/** Longer than any browser sends, in characters. */
const MAX_LENGTH = 1_000;

/**
 * Drops preferences of a client that are very long: each use of them parses them again, and a
 * server may ignore them (RFC 9110, section 12.1).
 */
export function dropLongPreferences({ headers }: IncomingMessage): void {
  for (const name of PREFERENCES) {
    if ((headers[name]?.length ?? 0) > MAX_LENGTH) delete headers[name];
  }
}
