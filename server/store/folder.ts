import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../errors.ts';

/** The folder that holds everything the server keeps. One server at a time has it. */
export interface Folder {
  /** Where it is, for people to read. */
  readonly name: string;
  /** A file's path in it; none where nothing is kept. */
  path(file: string): string | undefined;
  release(): void;
}

/** Keeps nothing: all is gone with the process. */
const nowhere: Folder = { name: 'memory only', path: () => undefined, release() {} };

/**
 * Makes the folder where there is none, and holds it for this process.
 * @throws StartError where it cannot be had
 */
export function openFolder(data: string): Folder {
  if (data === ':memory:') return nowhere;
  const folder = resolve(data);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new StartError(`The folder ${data} cannot be made: ${(error as Error).message}.`);
  }
  const lock = hold(join(folder, 'lock'), data);
  return { name: data, path: (file) => join(folder, file), release: () => lock.close() };
}

/** An exclusive lock of SQLite's, for it ends with the process, however that ends. */
function hold(file: string, data: string): DatabaseSync {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new StartError(
      `The folder ${data} cannot be used (${(error as Error).message}): is another Typhoon ` +
        'running on it? Stop that one, or start with another --data folder.',
    );
  }
}
