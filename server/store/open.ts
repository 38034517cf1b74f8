import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../errors.ts';
import { migrate } from './schema.ts';

/** How long a commit waits for another process that holds the file's lock. */
const LOCK_WAIT_MS = 3_000;

/**
 * Opens the history for writing, and makes it where there is none.
 * @param file a path, or `:memory:`
 * @throws StartError where there is a file and it is not a sound history
 */
export function openForWriting(file: string): DatabaseSync {
  return explained(file, () => {
    const db = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    // A commit is on the disk before it is acknowledged: FULL syncs the write-ahead log each time.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    db.exec(`PRAGMA journal_size_limit = ${64 * 1024 * 1024}`);
    const verdict = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (verdict !== 'ok') throw new StartError(`The history is damaged (${verdict}).`);
    migrate(db);
    return db;
  });
}

/** Opens the history for reading beside the one who writes. */
export function openForReading(file: string): DatabaseSync {
  return explained(file, () => new DatabaseSync(file, { readOnly: true, timeout: LOCK_WAIT_MS }));
}

function explained(file: string, open: () => DatabaseSync): DatabaseSync {
  try {
    return open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The history in ${file} cannot be opened: ${reason} Nothing was changed. ` +
        'Put a backup in its place, or start with another --data folder.',
      { cause: error },
    );
  }
}
