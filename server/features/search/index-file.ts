import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { LogPosition } from '../../core/log.ts';
import { damageIn } from '../../storage/damage.ts';
import { makePrivate } from '../../storage/private-file.ts';
import { resultCodeOf } from '../../storage/storage-error.ts';

/** With another version of the tables, or of their terms (see terms.ts), the index is rebuilt. */
const VERSION = 7;
/** How long to wait for another process that uses the index. */
const LOCK_WAIT_MS = 100;

/**
 * `found` contains terms separated by spaces, taken as they are; it also stores prefixes of three
 * and four letters, because searching all terms for a prefix is slow. `span` is the indexed part of
 * the log: the events after `first` up to `last`; with `has_erased`, its pages still contain terms
 * that were erased. Of the rooms in `cleared`, the entries between two messages are still to be purged.
 */
const TABLES = `CREATE VIRTUAL TABLE found USING fts5 (
  terms,
  content = '',
  contentless_delete = 1,
  prefix = '3 4',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
);
CREATE TABLE span (
  epoch TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  has_erased INTEGER NOT NULL
) STRICT;
CREATE TABLE cleared (
  room TEXT PRIMARY KEY,
  after INTEGER NOT NULL,
  before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`;

/**
 * Opens the index of a log. If there is none, or it is damaged, or of another log or version, an
 * empty one is created: everything in it can be read from the log.
 * @param file a path, or `:memory:`
 * @param start the position of the log when the server started: no index of it can be ahead
 * @param head the current position
 */
export function openIndex(file: string, start: LogPosition, head: number): DatabaseSync {
  const there = open(file, (db) => (isOf(db, start) ? db : undefined));
  if (there) return there;
  removeIndex(file);
  const made = open(file, (db) => make(db, start.epoch, head));
  if (!made) throw new Error(`${file} cannot be made.`);
  return made;
}

export function removeIndex(file: string): void {
  if (file === ':memory:') return;
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
}

/** Whether it is an error of the disk or of SQLite, not a bug of ours: it may go away. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && ('errcode' in error || 'syscall' in error);
}

/** Whether SQLite reports that the file is not a database, or a damaged one. */
export function isCorrupt(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Returns the database if it is `right`, and closes it if not. */
function open(
  file: string,
  right: (db: DatabaseSync) => DatabaseSync | undefined,
): DatabaseSync | undefined {
  makePrivate(file);
  // BigInts, because SQLite's last inserted row id may be one of FTS5's own, of any size.
  const db = new DatabaseSync(file, { timeout: LOCK_WAIT_MS, readBigInts: true });
  let opened: DatabaseSync | undefined;
  try {
    // After a power cut, NORMAL may lose only what was indexed last: it is indexed again.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;');
    opened = right(db);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  } finally {
    if (!opened) db.close();
  }
  return opened;
}

function isOf(db: DatabaseSync, { epoch, head }: LogPosition): boolean {
  if (Number(db.prepare('PRAGMA user_version').get()?.user_version) !== VERSION) return false;
  if (damageIn(db) !== undefined) return false;
  // A history behind its index is a backup that was restored.
  return Boolean(db.prepare('SELECT 1 FROM span WHERE epoch = ? AND last <= ?').get(epoch, head));
}

function make(db: DatabaseSync, epoch: string, head: number): DatabaseSync {
  db.exec(`BEGIN; ${TABLES}`);
  db.prepare('INSERT INTO span VALUES (?, ?, ?, 0)').run(epoch, head, head);
  db.exec(`PRAGMA user_version = ${VERSION}; COMMIT`);
  return db;
}
