import { readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makePrivate } from './private-file.ts';

/** The name of a copy that was made before a migration from a version. */
const COPY = /^chat-before-migration-from-\d+\.sqlite$/;

/**
 * Copies a database before it is migrated: earlier versions of Typhoon cannot open it afterwards.
 * The copy is complete or not there.
 * @param version of its tables
 */
export function copyBeforeMigration(db: DatabaseSync, file: string, version: number): void {
  if (file === ':memory:') return;
  const copy = join(dirname(file), `chat-before-migration-from-${version}.sqlite`);
  const part = `${copy}.part`;
  rmSync(part, { force: true });
  makePrivate(part);
  db.prepare('VACUUM INTO ?').run(part);
  renameSync(part, copy);
}

/** Removes these copies from a data directory: they have what was erased since. */
export function removeCopies(folder: string): void {
  const copies = readdirSync(folder).filter((name) => COPY.test(name));
  for (const name of copies) rmSync(join(folder, name), { force: true });
}
