import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Undated } from '../core/log.ts';
import { groupAppender } from '../storage/appender.ts';
import { LogGuard, type WentBack } from '../storage/log-guard.ts';
import { type Maintenance, maintenance } from '../storage/maintenance.ts';
import { type Replica, replica } from '../storage/replica.ts';
import { sequence } from '../storage/sequence.ts';
import { inTransaction } from '../storage/transaction.ts';
import { serve } from '../storage/worker.ts';
import { applier } from './appender.ts';
import type { ChatChange, ChatOutcome } from './change.ts';
import { dated, type Event } from './events.ts';
import { historyClearing } from './moderation/clear-history.ts';
import { type Queries, queries } from './queries.ts';
import { openDatabase } from './schema.ts';
import type { Search } from './search/search.ts';

/** What a thread that writes does. */
export interface Writing {
  append(group: readonly Event[]): ChatOutcome[];
  /** The store as part of a log that several servers share. */
  replica: Replica<Undated<Event>, ChatChange>['position'];
  checkpoints: Replica<Undated<Event>, ChatChange>['checkpoints'];
  join: Replica<Undated<Event>, ChatChange>['join'];
  applyEntries: Replica<Undated<Event>, ChatChange>['apply'];
  /** Deletes a chunk of what was cleared. False where nothing is left to delete. */
  removeCleared(): boolean;
  /** Whether the log had to start a new epoch, and why. */
  wentBack(): WentBack | undefined;
  /** @throws StorageError where the files of the store no longer exist */
  assertInPlace(): void;
  /** Commits something that changes nothing: whether that is possible. */
  probe(): void;
}

/** All that the threads of a store do: one in memory has a single thread. */
export type Methods = Queries & Search & Writing & Maintenance;

/** The path of the database, or `:memory:`. */
export interface StoreData {
  readonly file: string;
}

async function methodsOf({ file }: StoreData) {
  const db = openDatabase(file);
  const isInMemory = file === ':memory:';
  const guard = isInMemory ? undefined : new LogGuard(db, file);
  // On the disk another thread searches: a start does not load what this one has no use for.
  const search = isInMemory && (await import('./search/search.ts')).searcher(db, file);
  return {
    ...queries(db),
    ...search,
    ...writing(db, guard),
    ...maintenance(db, file),
    close() {
      if (search) search.close();
      db.close();
      guard?.close();
    },
  };
}

function writing(db: DatabaseSync, guard: LogGuard | undefined): Writing {
  const { removePiece } = historyClearing(db);
  const numbers = sequence(db);
  const applied = applier(db, numbers.number);
  const shared = replica({ db, applier: applied, sequence: numbers, guard, dated });
  return {
    append: groupAppender(db, applied, guard),
    replica: shared.position,
    checkpoints: shared.checkpoints,
    join: shared.join,
    applyEntries: shared.apply,
    removeCleared: () => inTransaction(db, removePiece),
    wentBack: () => guard?.wentBack,
    assertInPlace: () => guard?.assertInPlace(),
    probe() {
      inTransaction(db, () => {
        // It writes the first page. An update that changes no byte of a row writes nothing.
        const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
        db.exec(`PRAGMA user_version = ${version}`);
        guard?.assertInPlace();
      });
    },
  };
}

if (parentPort) serve(parentPort, await methodsOf(workerData as StoreData));
