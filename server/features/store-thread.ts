import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Undated } from '../core/log.ts';
import { groupAppender } from '../storage/appender.ts';
import { compactDatabase } from '../storage/compaction.ts';
import { LogGuard, syncHead, type WentBack } from '../storage/log-guard.ts';
import { cutLog, openForCheckpoint, openForReading } from '../storage/open.ts';
import { type Replica, replica } from '../storage/replica.ts';
import { sequence } from '../storage/sequence.ts';
import { lowerThreadPriority } from '../storage/thread-priority.ts';
import { inTransaction } from '../storage/transaction.ts';
import { serve } from '../storage/worker.ts';
import { applier } from './appender.ts';
import type { ChatChange, ChatOutcome } from './change.ts';
import { dated, type Event } from './events.ts';
import { historyClearing } from './moderation/clear-history.ts';
import { type Queries, queries } from './queries.ts';
import { openDatabase } from './schema.ts';
import { type Search, searcher } from './search/search.ts';

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

/** What a thread that does maintenance does. */
export interface Maintenance {
  /** Copies what is committed from the write-ahead log into the database. */
  checkpoint(): void;
  /** Does that, and truncates the write-ahead log. False while somebody else reads or writes. */
  cutLog(): boolean;
  /** See `compactDatabase`. */
  compact(isLive: boolean): boolean;
}

/** All that the threads of a store do. */
export type Methods = Queries & Search & Writing & Maintenance;

export interface ThreadData {
  /** A path, or `:memory:`. */
  readonly file: string;
  /** The search index of the file, for the thread that searches: a path, or `:memory:`. */
  readonly index?: string | undefined;
  readonly mode: 'write' | 'read' | 'keep';
}

const open = { write: openDatabase, read: openForReading, keep: openForCheckpoint };

function methodsOf({ file, index, mode }: ThreadData) {
  const db = open[mode](file);
  const isInMemory = file === ':memory:';
  const guard = mode === 'write' && !isInMemory ? new LogGuard(db, file) : undefined;
  const search = index === undefined ? undefined : searcher(db, index);
  // Indexing can wait; delivering messages cannot. The writer never yields.
  if (search && mode !== 'write') lowerThreadPriority('all');
  return {
    ...(mode !== 'keep' && queries(db)),
    ...search,
    ...(mode === 'write' && writing(db, guard)),
    ...maintenance(db, file),
    close() {
      search?.close();
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

function maintenance(db: DatabaseSync, file: string): Maintenance {
  function checkpoint(): void {
    syncHead(file);
    db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }
  return {
    checkpoint,
    cutLog() {
      // Most of it is copied while others write; they wait only for the rest.
      checkpoint();
      return cutLog(db);
    },
    compact: (isLive) => compactDatabase(db, isLive),
  };
}

if (parentPort) serve(parentPort, methodsOf(workerData as ThreadData));
