import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../core/errors.ts';
import { withAdvice } from './advice.ts';
import { damageIn } from './damage.ts';
import { assertDatabase } from './data-dir-checks.ts';
import { assertCompatible, type Migration, migrate } from './migrate.ts';
import { makePrivate } from './private-file.ts';
import { failureOf } from './storage-error.ts';

/** How long a commit waits for another process that holds the file's lock. */
const LOCK_WAIT_MS = 3_000;

/**
 * Pages of 4 KiB in the write-ahead log at which a commit copies them into the database itself.
 * Before that, the checkpointer does so in another thread: syncing the database takes tenths of a
 * second on a slow disk, and would hold up every message.
 */
const MAX_WAL_PAGES = 16_384;

/**
 * Opens the database for writing, and creates it where there is none.
 * @param file a path, or `:memory:`
 * @param migrations all versions of its tables
 * @throws StartupError where the file exists and is not a sound database
 */
export function openForWriting(file: string, migrations: readonly Migration[]): DatabaseSync {
  return withStartupError(file, () => {
    makePrivate(file);
    const db = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    // First everything that only reads: a file that is refused is left as it was.
    const damage = damageIn(db);
    if (damage !== undefined) throw new StartupError(`it is damaged: ${damage}.`);
    assertCompatible(db, migrations.length);
    // FULL syncs the write-ahead log at each commit: what is committed survives a power cut.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // Deleted and overwritten data is erased from the file, not just marked as free.
    db.exec('PRAGMA secure_delete = ON');
    db.exec(`PRAGMA wal_autocheckpoint = ${MAX_WAL_PAGES}`);
    migrate(db, file, migrations);
    return db;
  });
}

/** Opens the database for copying the write-ahead log into it, next to the writer. */
export function openForCheckpoint(file: string): DatabaseSync {
  return withStartupError(file, () => new DatabaseSync(file, { timeout: LOCK_WAIT_MS }));
}

/** Opens the database for reading, next to the writer. */
export function openForReading(file: string): DatabaseSync {
  return withStartupError(
    file,
    () => new DatabaseSync(file, { readOnly: true, timeout: LOCK_WAIT_MS }),
  );
}

/**
 * Opens a database that a server may be using, for a command that reads it.
 * @param newest the version of its tables
 * @throws StartupError where there is none that it can read
 */
export function openExisting(file: string, newest: number): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    assertDatabase(file);
    db = new DatabaseSync(file, { readOnly: true, timeout: LOCK_WAIT_MS });
    assertCompatible(db, newest);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof StartupError && db === undefined) throw error;
    throw new StartupError(`Cannot read ${file}: ${withAdvice(error)}`, { cause: error });
  }
}

/** How long a commit may wait while the write-ahead log is truncated, besides disk time. */
const CUT_WAIT_MS = 50;

/**
 * Copies the rest of the write-ahead log into the database, and truncates the log.
 * @returns false where another connection is in the middle of something
 */
export function cutLog(db: DatabaseSync): boolean {
  db.exec(`PRAGMA busy_timeout = ${CUT_WAIT_MS}`);
  try {
    return Number(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy) === 0;
  } finally {
    db.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
  }
}

function withStartupError(file: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isRefused = error instanceof StartupError || failureOf(error) === 'database-damaged';
    const sentence = isRefused
      ? `${reason.replace(/\.?$/, '.')} Nothing was changed. Restore a backup, or start with another --data directory.`
      : withAdvice(error);
    throw new StartupError(`Cannot open the database ${file}: ${sentence}`, { cause: error });
  }
}
