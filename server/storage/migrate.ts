import type { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../core/errors.ts';
import { copyBeforeMigration } from './copy-before-migration.ts';
import { randomEpoch } from './log-position.ts';

/** Stored in the file's header, so that another program's database is not taken for ours. */
export const APPLICATION_ID = 0x54797068;

/** Migrates a file to the next version, by SQL where possible. A released step is never edited. */
export type Migration = string | ((db: DatabaseSync) => void);

/** @throws StartupError where the file is another program's, or a newer version's */
export function assertCompatible(db: DatabaseSync, newest: number): void {
  if (!isNew(db) && pragma(db, 'application_id') !== APPLICATION_ID) {
    throw new StartupError('it belongs to another program.');
  }
  if (pragma(db, 'user_version') > newest) {
    throw new StartupError('it was written by a newer version of Typhoon; use that version.');
  }
}

/** Migrates the file to the newest version, after copying it; or creates it. */
export function migrate(db: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const version = pragma(db, 'user_version');
  if (version === migrations.length) return;
  const isFirst = isNew(db);
  if (!isFirst) copyBeforeMigration(db, file, version);
  db.exec('BEGIN IMMEDIATE');
  runMigrations(db, migrations.slice(version));
  if (isFirst) db.prepare('INSERT INTO log VALUES (?)').run(randomEpoch());
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
  db.exec('COMMIT');
}

export function runMigrations(db: DatabaseSync, steps: readonly Migration[]): void {
  for (const step of steps) {
    if (typeof step === 'string') db.exec(step);
    else step(db);
  }
}

function isNew(db: DatabaseSync): boolean {
  return !db.prepare('SELECT 1 FROM sqlite_schema').get();
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
