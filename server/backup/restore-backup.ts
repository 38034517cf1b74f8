import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartupError } from '../core/errors.ts';
import { acquireLock } from '../storage/data-dir.ts';
import { DATABASE } from '../storage/file-names.ts';
import { giveToOwner } from '../storage/folder-owner.ts';
import { newEpoch } from '../storage/log-position.ts';
import { sync } from '../storage/whole-file.ts';
import { type BackupSummary, unpackAll } from './check-backup.ts';
import { readCopy } from './database-copy.ts';

/** Where a backup is unpacked, in the data directory: so it is moved within one disk. */
const STAGING = 'restoring';
const LOCK = /^lock(?:-journal)?$/;

interface RestoreOptions {
  /** A full backup, and those made since then. */
  readonly files: readonly string[];
  readonly data: string;
  readonly password?: string | undefined;
  /** Moves what is in the directory aside, instead of refusing it. */
  readonly replaces: boolean;
}

interface Restored extends BackupSummary {
  /** The folder that what was there before is in now. */
  readonly replaced: string | undefined;
}

/**
 * Puts a backup into a data directory that no server uses. It is checked before anything in the
 * directory is touched. The log begins a new epoch: clients whose cursors are ahead of the backup are
 * reset, and get the whole history.
 * @throws StartupError, a sentence for the operator
 */
export async function restoreBackup({
  files,
  data,
  password,
  replaces,
}: RestoreOptions): Promise<Restored> {
  const folder = resolve(data);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = acquireLock(join(folder, 'lock'), data);
  const staging = join(folder, STAGING);
  try {
    rmSync(staging, { recursive: true, force: true });
    const before = readdirSync(folder).filter((name) => !LOCK.test(name));
    if (before.length > 0 && !replaces) {
      throw new StartupError(
        `${data} is not empty. Restore into another directory, or with --replace, which moves what ` +
          'is in it into a directory inside it. Nothing was changed.',
      );
    }
    mkdirSync(staging, { mode: 0o700 });
    const summary = await unpackAll(files, staging, password);
    readCopy(join(staging, DATABASE), newEpoch);
    const replaced = moveAside(folder, before);
    // The database comes last: until it is there, a server refuses to start.
    const restored = readdirSync(staging).toSorted((a, b) => rank(a) - rank(b));
    for (const name of restored) renameSync(join(staging, name), join(folder, name));
    await sync(folder);
    return { ...summary, replaced };
  } finally {
    rmSync(staging, { recursive: true, force: true });
    lock.close();
    giveToOwner(folder);
  }
}

function rank(name: string): number {
  return Number(name === DATABASE);
}

/** Moves the entries of the folder into a new one inside it. The database goes first. */
function moveAside(folder: string, names: readonly string[]): string | undefined {
  const moved = names.filter((name) => !name.startsWith('replaced-'));
  if (moved.length === 0) return undefined;
  const aside = join(folder, `replaced-${new Date().toISOString().replaceAll(':', '-')}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of moved.toSorted((a, b) => rank(b) - rank(a)))
    renameSync(join(folder, name), join(aside, name));
  return aside;
}
