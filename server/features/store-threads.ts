import { rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Compaction } from '../storage/compaction.ts';
import { compactInProcess } from '../storage/compaction-process.ts';
import type { DataDir } from '../storage/data-dir.ts';
import { COMPACT_COPY, DATABASE, SEARCH_INDEX } from '../storage/file-names.ts';
import { LazyWorkerClient } from '../storage/lazy-worker-client.ts';
import { LiveCompaction } from '../storage/live-compaction.ts';
import type { Maintenance } from '../storage/maintenance.ts';
import type { MaintenanceData } from '../storage/maintenance-thread.ts';
import { WalCheckpointer } from '../storage/wal-checkpointer.ts';
import { type Client, type StoreObserver, WorkerClient } from '../storage/worker-client.ts';
import type { Queries } from './queries.ts';
import type { Search } from './search/search.ts';
import type { SearchData } from './search/search-thread.ts';
import type { Methods, StoreData, Writing } from './writer-thread.ts';

/** Compacting a database of so many bytes holds up a commit for some 50 ms. */
const SMALL_BYTES = 8 * 1024 * 1024;

const WRITER_THREAD = new URL('./writer-thread.ts', import.meta.url);
const READER_THREAD = new URL('./reader-thread.ts', import.meta.url);
const SEARCH_THREAD = new URL('./search/search-thread.ts', import.meta.url);
const MAINTENANCE_THREAD = new URL('../storage/maintenance-thread.ts', import.meta.url);

/** The threads of a store. One in memory has a single thread. */
export interface StoreThreads {
  readonly writer: WorkerClient<Writing & Queries>;
  readonly reader: WorkerClient<Queries>;
  readonly search: Client<Pick<Search, 'search' | 'index'>>;
  readonly checkpointer?: WalCheckpointer;
  readonly compaction?: LiveCompaction;
  /** Those besides the writer, in the order in which they are closed. */
  readonly others: readonly { close(): Promise<void> }[];
}

/** @throws StartupError where the database exists and is not sound */
export async function openThreads(folder: DataDir, observer: StoreObserver): Promise<StoreThreads> {
  const file = folder.path(DATABASE);
  const index = folder.path(SEARCH_INDEX);
  if (file === undefined || index === undefined) return openInMemory(observer);
  const writer = await openWriter(file, observer);
  const remains = new Compaction(folder.path('.'));
  const copy = join(dirname(file), COMPACT_COPY);
  rmSync(copy, { force: true });
  // A server that was killed may not have noted it.
  const isErasing = await writer.methods.isErasing();
  if (isErasing) remains.note();
  const isErased = remains.isDue && !isErasing;
  if (isErased) await compactAtStart(writer, remains);
  const reader = await openReader(file, observer);
  const searcher = new LazyWorkerClient((signal) =>
    WorkerClient.open<Search>(
      SEARCH_THREAD,
      { file, index } satisfies SearchData,
      observer,
      signal,
    ),
  );
  const maintenance = new LazyWorkerClient((signal) =>
    WorkerClient.open<Maintenance>(
      MAINTENANCE_THREAD,
      { file } satisfies MaintenanceData,
      observer,
      signal,
    ),
  );
  const checkpointer = new WalCheckpointer({
    checkpoint: () => maintenance.call('checkpoint'),
    cutLog: () => maintenance.call('cutLog'),
    close: () => maintenance.close(),
  });
  const compaction = new LiveCompaction({
    remains,
    isSmall: () => statSync(file).size <= SMALL_BYTES,
    compactAtOnce: () => maintenance.call('compact'),
    compactWhileQuiet: (signals) => compactInProcess(file, copy, signals),
    onCompacted: () => checkpointer.schedule(true),
  });
  if (isErased && remains.isDue) compaction.schedule();
  return {
    writer,
    reader,
    search: {
      search: (request) => searcher.call('search', request),
      index: () => searcher.call('index'),
    },
    checkpointer,
    compaction,
    others: [reader, searcher],
  };
}

/** Nobody waits for it yet. Where it fails, on a full disk for example, it is tried again later. */
async function compactAtStart(
  { methods }: WorkerClient<Methods>,
  remains: Compaction,
): Promise<void> {
  try {
    remains.removeCopies();
    await methods.compact();
    remains.done();
  } catch {
    // It is still due.
  }
}

/** An in-memory database is visible only to the thread that created it. */
async function openInMemory(observer: StoreObserver): Promise<StoreThreads> {
  const writer = await openWriter(':memory:', observer);
  return { writer, reader: writer, search: writer.methods, others: [] };
}

/**
 * @param file a path, or `:memory:`
 * @throws StartupError where the file cannot be opened
 */
export function openWriter(file: string, observer: StoreObserver): Promise<WorkerClient<Methods>> {
  return WorkerClient.open<Methods>(WRITER_THREAD, { file } satisfies StoreData, observer);
}

/** @throws StartupError where the file cannot be opened */
export function openReader(file: string, observer: StoreObserver): Promise<WorkerClient<Queries>> {
  return WorkerClient.open<Queries>(READER_THREAD, { file } satisfies StoreData, observer);
}
