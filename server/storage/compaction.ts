import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { removeCopies } from './copy-before-migration.ts';

/** The file in the data directory that says that the database has to be compacted. */
const FILE = 'compact';

/**
 * What was erased may still be in unused parts of pages, where SQLite had moved rows, and in copies: a
 * database that is compacted has nothing of it. Until that is done a file says so, also after a restart.
 */
export class Compaction {
  readonly #folder: string | undefined;
  #isNoted = false;

  /** @param folder the data directory; `undefined` where nothing is stored */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  get isDue(): boolean {
    return this.#file !== undefined && (this.#isNoted || existsSync(this.#file));
  }

  note(): void {
    this.#isNoted = true;
    if (this.#file === undefined || existsSync(this.#file)) return;
    try {
      writeFileSync(this.#file, '', { mode: 0o600 });
    } catch {
      // The disk is full, for example. A start notes it again, where the erasure has not ended.
    }
  }

  /** The database was compacted. */
  done(): void {
    this.#isNoted = false;
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
  }

  /** Removes the copies that were made before migrations. */
  removeCopies(): void {
    if (this.#folder !== undefined) removeCopies(this.#folder);
  }

  get #file(): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, FILE);
  }
}

/** Rewrites a database without what was deleted from it. Nobody else can write meanwhile. */
export function compactDatabase(db: DatabaseSync): void {
  db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
}
