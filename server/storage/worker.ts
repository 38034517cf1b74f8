import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { historyClearing } from '../features/moderation/clear-history.ts';
import { type Search, searcher } from '../features/search/search.ts';
import { appender } from './appender.ts';
import { LogGuard, syncHead, type WentBack } from './log-guard.ts';
import { cutLog, openForCheckpoint, openForReading, openForWriting } from './open.ts';
import { queries } from './queries.ts';
import { failureOf, type StorageFailure } from './storage-error.ts';
import { lowerThreadPriority } from './thread-priority.ts';
import { inTransaction } from './transaction.ts';

/*
 * The worker side of a store thread: it opens the file, reports that it is open, and answers one
 * call after the other. Everything in here blocks, and so it does not run in the event loop.
 */

export type Calls = ReturnType<typeof queries> &
  Search & {
    append: ReturnType<typeof appender>;
    /** Copies what is committed from the write-ahead log into the database. */
    checkpoint(): void;
    /** Deletes a chunk of what was cleared. False where nothing is left to delete. */
    removeCleared(): boolean;
    /** Does that, and truncates the write-ahead log. False while somebody else reads or writes. */
    cutLog(): boolean;
    /** Whether the log had to start a new epoch, and why. */
    wentBack(): WentBack | undefined;
    /** @throws StorageError where the files of the store no longer exist */
    assertInPlace(): void;
  };

export interface Call {
  readonly id: number;
  readonly method: keyof Calls;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string; readonly failure: StorageFailure };

export interface WorkerData {
  /** A path, or `:memory:`. */
  readonly file: string;
  /** The search index of the file, for the thread that searches: a path, or `:memory:`. */
  readonly index?: string | undefined;
  readonly mode: WorkerMode;
}

type WorkerMode = 'write' | 'read' | 'keep';

const open = { write: openForWriting, read: openForReading, keep: openForCheckpoint };

/** Creates the function that deletes a chunk of what was cleared, as a whole. */
function remover(db: DatabaseSync): () => boolean {
  const { removePiece } = historyClearing(db);
  return () => inTransaction(db, removePiece);
}

function answer(calls: Partial<Calls>, { id, method, args }: Call): Answer {
  try {
    const call = calls[method] as (...args: readonly unknown[]) => unknown;
    return { id, result: call(...args) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: message, failure: failureOf(error) };
  }
}

function run(port: NonNullable<typeof parentPort>, { file, index, mode }: WorkerData): void {
  const db = open[mode](file);
  const isInMemory = file === ':memory:';
  const guard = mode === 'write' && !isInMemory ? new LogGuard(db, file) : undefined;
  const search = index === undefined ? undefined : searcher(db, index);
  // Indexing can wait; delivering messages cannot. The writer never yields.
  if (search && mode !== 'write') lowerThreadPriority('all');
  function checkpoint(): void {
    syncHead(file);
    db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }
  const calls: Partial<Calls> = {
    ...(mode !== 'keep' && queries(db)),
    ...search,
    ...(mode === 'write' && { append: appender(db, guard), removeCleared: remover(db) }),
    wentBack: () => guard?.wentBack,
    assertInPlace: () => guard?.assertInPlace(),
    checkpoint,
    cutLog() {
      // Most of it is copied while others write; they wait only for the rest.
      checkpoint();
      return cutLog(db);
    },
    close() {
      search?.close();
      db.close();
      guard?.close();
    },
  };
  port.on('message', (call: Call) => {
    port.postMessage(answer(calls, call));
    if (call.method === 'close') port.close();
  });
  port.postMessage('open');
}

if (parentPort) run(parentPort, workerData as WorkerData);
