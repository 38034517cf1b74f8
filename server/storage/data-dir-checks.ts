import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../core/errors.ts';
import { withAdvice } from './advice.ts';
import { DATABASE } from './file-names.ts';

/** What only a server that had data leaves behind. */
const LEFTOVERS = [`${DATABASE}-wal`, 'log-head.json', 'files', 'secret'] as const;

/**
 * A missing database does not mean a new server: a new database in its place would have the
 * uploads, which it does not know, and the write-ahead log removed.
 * @throws StartupError where the directory has what belongs to a database, but no database
 */
export function assertDatabaseThere(folder: string, data: string): void {
  if (bytesOf(join(folder, DATABASE)) > 0) return;
  const leftovers = LEFTOVERS.filter((name) => bytesOf(join(folder, name)) > 0);
  if (leftovers.length === 0) return;
  throw new StartupError(
    `The database ${join(data, DATABASE)} is missing or empty, but ${data} holds ` +
      `${leftovers.join(', ')} that belong to one. Nothing was changed. Restore the database from a ` +
      'backup; or, to start fresh, move the directory away or start with another --data directory.',
  );
}

/**
 * @param file of a database that a command needs
 * @throws StartupError where there is none, or the system's error where this user can't see it
 */
export function assertDatabase(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new StartupError(`There is no database ${file}.`);
  if (!stats.isFile() || stats.size === 0)
    throw new StartupError(`The database ${file} is empty: restore a backup.`);
}

/** @throws StartupError where no files can be created, on a read-only mount for example */
export function assertWritable(folder: string, data: string): void {
  const probe = join(folder, 'write-test');
  try {
    closeSync(openSync(probe, 'w', 0o600));
    rmSync(probe);
  } catch (error) {
    throw new StartupError(`Cannot write to the data directory ${data}: ${withAdvice(error)}`);
  }
}

/** The size of a file, the number of entries of a directory; 0 where neither exists. */
function bytesOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() ? readdirSync(path).length : (stat?.size ?? 0);
}
