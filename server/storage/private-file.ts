import { closeSync, openSync } from 'node:fs';

/**
 * Makes an empty file for the server's own user alone, where there is no such file. SQLite takes it for
 * a new database, and gives its write-ahead log the same mode. What is there already stays as it is.
 */
export function makePrivate(file: string): void {
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
}
