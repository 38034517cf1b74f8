import { backup, DatabaseSync } from 'node:sqlite';
import { StartupError } from '../core/errors.ts';
import type { LogPosition } from '../core/log.ts';
import { readDatabase } from '../features/schema.ts';
import { damageIn } from '../storage/damage.ts';
import { positions } from '../storage/log-position.ts';

/**
 * All pages in one step: a snapshot, while the server goes on writing. With fewer, each commit of
 * the server would make SQLite begin again (sqlite.org/backup.html).
 */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies a database as it is after its last commit, also while a server writes it.
 * @throws StartupError where there is none, or it is not Typhoon's
 */
export async function copyDatabase(file: string, copy: string): Promise<void> {
  const db = readDatabase(file);
  try {
    await backup(db, copy, { rate: ALL_PAGES });
  } finally {
    db.close();
  }
}

/** @throws StartupError where SQLite finds damage in it */
export function assertSound(db: DatabaseSync, file: string): void {
  const damage = damageIn(db);
  if (damage !== undefined)
    throw new StartupError(
      `${file} is damaged: ${damage}. Keep the backups from before; restore one.`,
    );
}

/** Runs something with the content of a database that nobody else uses. */
export function readCopy<T>(copy: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(copy);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

export function positionOf(db: DatabaseSync): LogPosition {
  return positions(db)();
}

/** The ids of the files that were uploaded after a number of the log. */
export function filesAfter(db: DatabaseSync, seq: number): readonly string[] {
  // A file has no number, but the room and the time of its event; two at once are both taken.
  const rows = db
    .prepare(
      `SELECT id FROM files WHERE ?1 = 0 OR (room, at) IN
         (SELECT room, at FROM events WHERE seq > ?1 AND kind = 'file-uploaded') ORDER BY id`,
    )
    .all(seq);
  return rows.map(({ id }) => String(id));
}
