import { closeSync, openSync } from 'node:fs';

/**
 * Creates an empty file for the server's own user alone, unless it exists. SQLite takes it for a
 * new database, and gives its write-ahead log the same mode. An existing file stays as it is.
 */
export function makePrivate(file: string): void {
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
}
