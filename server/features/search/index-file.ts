import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../storage/log-position.ts';
import { makePrivate } from '../../storage/private-file.ts';

/** Another version of the tables, or of the terms in them (see terms.ts), is made anew. */
const VERSION = 5;
/** How long it waits for another process that looks at the index. */
const LOCK_WAIT_MS = 100;

/**
 * `found` is given the terms with spaces between them, and takes them as they are; it keeps, besides,
 * which terms begin with which three letters, for looking through all those that do takes long.
 * `span` is what of the log is in it: the events after `first` up to `last`; with `has_erased`, terms
 * of what was erased are still to be taken out of its pages. Of a room in `cleared`, what
 * is in it between two messages is still to be forgotten.
 */
const TABLES = `CREATE VIRTUAL TABLE found USING fts5 (
  terms,
  content = '',
  contentless_delete = 1,
  prefix = 3,
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
 * Opens the index of a log. Where there is none, or one that is damaged, of another log or another
 * version, it makes an empty one: all that is in it is in the log.
 * @param file a path, or `:memory:`
 * @param start where the log was when the server started: no index of it can be further
 * @param head where it is now
 */
export function openIndex(file: string, start: Position, head: number): DatabaseSync {
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

/** Whether it is the disk's, or SQLite's, and no mistake of ours: such a thing may pass. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && ('errcode' in error || 'syscall' in error);
}

/** Whether SQLite says that what it read is no database (any more). */
export function isCorrupt(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Gives the database if it is `right`, and closes it if not. */
function open(
  file: string,
  right: (db: DatabaseSync) => DatabaseSync | undefined,
): DatabaseSync | undefined {
  makePrivate(file);
  // BigInts, for what SQLite says was inserted last is a row of FTS5's own at times, of any number.
  const db = new DatabaseSync(file, { timeout: LOCK_WAIT_MS, readBigInts: true });
  let opened: DatabaseSync | undefined;
  try {
    // NORMAL may lose what was indexed last in a power cut, and nothing else: it is indexed again.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;');
    opened = right(db);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  } finally {
    if (!opened) db.close();
  }
  return opened;
}

function isOf(db: DatabaseSync, { epoch, head }: Position): boolean {
  if (Number(db.prepare('PRAGMA user_version').get()?.user_version) !== VERSION) return false;
  if (db.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok') return false;
  // A history that is behind its index is a backup that was put in its place.
  return Boolean(db.prepare('SELECT 1 FROM span WHERE epoch = ? AND last <= ?').get(epoch, head));
}

function make(db: DatabaseSync, epoch: string, head: number): DatabaseSync {
  db.exec(`BEGIN; ${TABLES}`);
  db.prepare('INSERT INTO span VALUES (?, ?, ?, 0)').run(epoch, head, head);
  db.exec(`PRAGMA user_version = ${VERSION}; COMMIT`);
  return db;
}
