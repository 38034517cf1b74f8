import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../core/errors.ts';
import { assertKnownFormat } from '../core/format.ts';
import type { Checkpoint } from '../core/replication.ts';
import { MIGRATIONS } from '../features/schema.ts';
import { removeIndex } from '../features/search/index-file.ts';
import { damageIn } from '../storage/damage.ts';
import type { DataDir } from '../storage/data-dir.ts';
import { DATABASE, SEARCH_INDEX } from '../storage/file-names.ts';
import { assertCompatible } from '../storage/migrate.ts';
import { checkpointsIn } from '../storage/replica.ts';
import { sync } from '../storage/whole-file.ts';
import { copyDatabase, positionOf, readCopy } from './database-copy.ts';

/** The place of a store in the log that servers share. */
interface ReplicaPlace {
  readonly epoch: string;
  readonly place: number;
  /** The format in force there. */
  readonly format: number;
}

/**
 * What a data directory has before the store is opened: nothing, a place in a shared log, or something
 * else, such as a history of its own, or what cannot be read: opening the store says so.
 */
export function storedPlace(file: string): 'nothing' | 'something-else' | ReplicaPlace {
  if (!existsSync(file)) return 'nothing';
  try {
    return readCopy(file, (db) => {
      const place = placeOf(db);
      // The file may be replaced: nothing of it is left beside it then.
      if (place) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      if (place) return place;
      const isEmpty = !hasTable(db, 'log') || positionOf(db).head === 0;
      return isEmpty ? 'nothing' : 'something-else';
    });
  } catch {
    return 'something-else';
  }
}

/**
 * Copies the database of a server that runs, as it is after its last commit.
 * @returns the last place that is in the copy
 */
export async function copyReplica(database: string, copy: string): Promise<number> {
  await copyDatabase(database, copy);
  const place = readCopy(copy, placeOf);
  if (!place) throw new Error('The store is not part of a log that servers share.');
  return place.place;
}

/**
 * Puts the copy of another node's database in the place of a store that is not open, in one step.
 * @throws StartupError where it is not what the other node said; then nothing was changed
 */
export async function installReplica(
  copy: string,
  folder: DataDir,
  { epoch, place }: Pick<ReplicaPlace, 'epoch' | 'place'>,
): Promise<void> {
  const [database, index] = [folder.path(DATABASE), folder.path(SEARCH_INDEX)];
  if (database === undefined || index === undefined) return;
  readCopy(copy, (db) => assertReplica(db, { epoch, place }));
  removeIndex(index);
  // Closing it has removed them, unless another process had it open.
  for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
  renameSync(copy, database);
  await sync(folder.path('.') ?? '.');
}

/** What a copy says was decided. @throws where it is not the database of this version */
export function copiedCheckpoints(copy: string): readonly Checkpoint[] {
  return readCopy(copy, checkpointsIn);
}

function assertReplica(db: DatabaseSync, expected: Pick<ReplicaPlace, 'epoch' | 'place'>): void {
  const damage = damageIn(db);
  if (damage !== undefined)
    throw new StartupError(`The copy of the history is damaged: ${damage}.`);
  try {
    assertCompatible(db, MIGRATIONS.length);
  } catch (error) {
    throw new StartupError(`The copy of the history cannot be used: ${(error as Error).message}`);
  }
  const found = placeOf(db);
  if (found?.epoch !== expected.epoch || found.place !== expected.place) {
    throw new StartupError(
      'The copy of the history belongs to another log, or to another place in it.',
    );
  }
  assertKnownFormat(found.format);
}

function placeOf(db: DatabaseSync): ReplicaPlace | undefined {
  if (!hasTable(db, 'replica')) return undefined;
  const row = db.prepare('SELECT * FROM replica, log').get();
  // A store that was not migrated yet has no column of it.
  const format = Number(row?.format ?? 1);
  return row && { epoch: String(row.epoch), place: Number(row.place), format };
}

function hasTable(db: DatabaseSync, name: string): boolean {
  const select = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return select.get(name) !== undefined;
}
