import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../features/schema.ts';
import { removeIndex } from '../features/search/index-file.ts';
import { Compaction, compactDatabase } from '../storage/compaction.ts';
import { acquireLock } from '../storage/data-dir.ts';
import { assertDatabase } from '../storage/data-dir-checks.ts';
import { COMPACT_COPY, DATABASE, SEARCH_INDEX } from '../storage/file-names.ts';
import { giveToOwner } from '../storage/folder-owner.ts';

/** A data directory that no server uses, with its database open for writing. */
interface OpenFolder {
  readonly path: string;
  readonly db: DatabaseSync;
}

/**
 * Runs something with a data directory that no server uses.
 * @throws StartupError where there is no database, or a server uses it
 */
export function withFolder<T>(data: string, work: (folder: OpenFolder) => T): T {
  const path = resolve(data);
  const file = join(path, DATABASE);
  assertDatabase(file);
  const lock = acquireLock(join(path, 'lock'), data);
  try {
    const db = openDatabase(file);
    try {
      return work({ path, db });
    } finally {
      db.close();
    }
  } finally {
    lock.close();
    giveToOwner(path);
  }
}

/**
 * Rewrites the database without what was deleted from it, and removes the search index, which is
 * built again at the next search.
 */
export function compact({ path, db }: OpenFolder): void {
  compactDatabase(db);
  new Compaction(path).done();
  rmSync(join(path, COMPACT_COPY), { force: true });
  removeIndex(join(path, SEARCH_INDEX));
}

/** Removes uploads, those that were moved aside as well. */
export function removeFiles(path: string, ids: readonly string[]): void {
  const files = join(path, 'files');
  const unknown = join(files, 'unknown');
  const days = existsSync(unknown) ? readdirSync(unknown).map((day) => join(unknown, day)) : [];
  for (const folder of [files, ...days]) {
    for (const id of ids) {
      rmSync(join(folder, id), { force: true });
      rmSync(join(folder, `${id}.preview`), { force: true });
    }
  }
}
