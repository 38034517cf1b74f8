import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../core/errors.ts';
import { isBusy, withAdvice } from './advice.ts';
import { assertDatabaseThere, assertWritable } from './data-dir-checks.ts';
import { makePrivate } from './private-file.ts';

/** A command may be looking whether a server uses the directory, for an instant. */
const LOCK_WAIT_MS = 500;

/** The directory that holds everything the server stores. One server at a time may use it. */
export interface DataDir {
  /** Where it is, for display. */
  readonly name: string;
  /** The path of a file in it; `undefined` where nothing is stored. */
  path(file: string): string | undefined;
  /** A directory in it, created if missing; where nothing is stored, a temporary one. */
  subdir(name: string): string;
  /** What other users of the machine may read or write: the directory, or files in it. */
  exposed(): readonly string[];
  release(): void;
}

/** Stores nothing: everything is gone with the process. */
function inMemory(): DataDir {
  const made: string[] = [];
  return {
    name: 'memory only',
    path: () => undefined,
    subdir(name) {
      const folder = mkdtempSync(join(tmpdir(), `typhoon-${name}-`));
      made.push(folder);
      return folder;
    },
    exposed: () => [],
    release() {
      for (const folder of made) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Creates the directory if missing, and locks it for this process.
 * @throws StartupError where that fails
 */
export function openDataDir(data: string): DataDir {
  if (data === ':memory:') return inMemory();
  const folder = resolve(data);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartupError(
      `Cannot create the data directory ${data}: ${(error as Error).message}.`,
    );
  }
  assertWritable(folder, data);
  const lock = acquireLock(join(folder, 'lock'), data);
  try {
    assertDatabaseThere(folder, data);
  } catch (error) {
    lock.close();
    throw error;
  }
  return { ...lockedDataDir(data), release: () => lock.close() };
}

/** The directory as another process uses it: the one that has locked it started this one. */
export function lockedDataDir(data: string): DataDir {
  const folder = resolve(data);
  return {
    name: data,
    path: (file) => join(folder, file),
    subdir(name) {
      mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
      return join(folder, name);
    },
    exposed: () => exposed(folder),
    release: () => {},
  };
}

/**
 * Files are created for the server's own user. Where they were not, or somebody opened them up
 * since, nothing is changed: it may be intended, for a backup.
 */
function exposed(folder: string): readonly string[] {
  // Windows has no such modes.
  if (process.platform === 'win32') return [];
  const paths = [folder, ...readdirSync(folder).map((file) => join(folder, file))];
  return paths.filter((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats !== undefined && (stats.mode & 0o077) !== 0;
  });
}

/**
 * An exclusive SQLite lock, because it ends with the process, however that ends.
 * @param data the directory as it is called in the error
 * @throws StartupError where another process uses the directory
 */
export function acquireLock(file: string, data: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    makePrivate(file);
    lock = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (!isBusy(error))
      throw new StartupError(`Cannot use the data directory ${data}: ${withAdvice(error)}`);
    throw new StartupError(
      `The data directory ${data} is in use (${(error as Error).message}). Is another Typhoon ` +
        'running? Stop it, or start with another --data directory.',
    );
  }
}

/**
 * Whether another process uses the directory of this lock.
 * @throws SQLite's error where that can't be found out
 */
export function isLocked(file: string): boolean {
  if (!existsSync(file)) return false;
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    lock.close();
  }
}
