import { rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogStore } from '../core/group-commit-log.ts';
import type { LogPosition, Undated } from '../core/log.ts';
import type { ReplicaStore } from '../core/replication.ts';
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
import type { ChatChange, ChatOutcome } from './change.ts';
import { dated, type Event, isClearing, isErasing } from './events.ts';
import { ClearedSweeper } from './moderation/cleared-sweeper.ts';
import type { Queries } from './queries.ts';
import type { Search, SearchRequest, SearchResult } from './search/search.ts';
import { SearchQueue } from './search/search-queue.ts';
import type { SearchData } from './search/search-thread.ts';
import type { Methods, StoreData, Writing } from './writer-thread.ts';

/** How often to check that the files of the store still exist. */
const WATCH_MS = 2_000;
/** Compacting a database of so many bytes holds up a commit for some 50 ms. */
const SMALL_BYTES = 8 * 1024 * 1024;

const WRITER_THREAD = new URL('./writer-thread.ts', import.meta.url);
const READER_THREAD = new URL('./reader-thread.ts', import.meta.url);
const SEARCH_THREAD = new URL('./search/search-thread.ts', import.meta.url);
const MAINTENANCE_THREAD = new URL('../storage/maintenance-thread.ts', import.meta.url);

/** The threads of a store. One in memory has a single thread. */
interface Threads {
  readonly writer: WorkerClient<Writing & Queries>;
  readonly reader: WorkerClient<Queries>;
  readonly search: Client<Pick<Search, 'search' | 'index'>>;
  readonly checkpointer?: WalCheckpointer;
  readonly compaction?: LiveCompaction;
  /** Those besides the writer, in the order in which they are closed. */
  readonly others: readonly { close(): Promise<void> }[];
}

/** What serving users needs of a store. */
export type StoreReader = Pick<Store, 'queries' | 'search' | 'probe'>;

/**
 * What the log adds up to, on the disk: one thread writes it, one reads it, one indexes and
 * searches it, and one does maintenance.
 */
export class Store implements LogStore<Undated<Event>, ChatChange> {
  /** The log's epoch and its last event when the store was opened. */
  readonly position: LogPosition;
  /** What the store can be asked. */
  readonly queries: Client<Queries>;
  readonly #threads: Threads;
  readonly #searchQueue: SearchQueue;
  readonly #sweeper: ClearedSweeper;
  readonly #watch: NodeJS.Timeout;

  private constructor(position: LogPosition, threads: Threads) {
    const { writer, reader, search, checkpointer } = threads;
    this.position = position;
    this.queries = reader.methods;
    this.#threads = threads;
    this.#searchQueue = new SearchQueue(search);
    this.#sweeper = new ClearedSweeper(
      () => this.#writing.removeCleared(),
      () => checkpointer?.schedule(true),
    );
    // Even when nobody writes, the operator is alerted to a folder that is gone.
    const watch = () => void writer.methods.assertInPlace().catch(() => undefined);
    this.#watch = setInterval(watch, WATCH_MS).unref();
  }

  /** @throws StartupError where the database exists and is not sound */
  static async open(folder: DataDir, observer: StoreObserver): Promise<Store> {
    const file = folder.path(DATABASE);
    const index = folder.path(SEARCH_INDEX);
    if (file === undefined || index === undefined) return Store.#openInMemory(observer);
    const writer = await openWriter(file, observer);
    const remains = new Compaction(folder.path('.'));
    const copy = join(dirname(file), COMPACT_COPY);
    rmSync(copy, { force: true });
    // Nobody waits for it yet. Where it fails, on a full disk for example, the next start tries again.
    if (remains.isDue && !(await writer.methods.isErasing()))
      await writer.methods.compact().then(
        () => remains.done(),
        () => undefined,
      );
    const position = await writer.methods.position();
    const wentBack = await writer.methods.wentBack();
    if (wentBack) observer.logWentBack(wentBack);
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
    const threads: Threads = {
      writer,
      reader,
      search: {
        search: (request) => searcher.call('search', request),
        index: () => searcher.call('index'),
      },
      checkpointer,
      compaction: new LiveCompaction({
        remains,
        isSmall: () => statSync(file).size <= SMALL_BYTES,
        compactAtOnce: () => maintenance.call('compact'),
        compactWhileQuiet: (signals) => compactInProcess(file, copy, signals),
        onCompacted: () => checkpointer.schedule(true),
      }),
      others: [reader, searcher],
    };
    return new Store(position, threads);
  }

  /** An in-memory database is visible only to the thread that created it. */
  static async #openInMemory(observer: StoreObserver): Promise<Store> {
    const writer = await openWriter(':memory:', observer);
    const threads = { writer, reader: writer, search: writer.methods, others: [] };
    return new Store(await writer.methods.position(), threads);
  }

  /** See `LogStore.append`. */
  append(undated: readonly Undated<Event>[], at: number): Promise<readonly ChatOutcome[]> {
    const group = undated.map((event) => dated(event, at));
    return this.#maintainAfter(this.#writing.append(group), group);
  }

  /** The store as a part of the log of a cluster. */
  readonly replica: ReplicaStore<Undated<Event>, ChatChange> = {
    own: () => this.queries.position(),
    position: () => this.#threads.writer.methods.replica(),
    checkpoints: () => this.#threads.writer.methods.checkpoints(),
    join: (founding) => this.#writing.join(founding),
    apply: (entries) => {
      const events = entries.flatMap((entry) => entry.events);
      return this.#maintainAfter(this.#writing.applyEntries(entries), events);
    },
  };

  #maintainAfter<T>(written: Promise<T>, group: readonly Undated<Event>[]): Promise<T> {
    const note = () => {
      this.#threads.checkpointer?.schedule(group.some(isErasing));
      this.#searchQueue.schedule();
      if (group.some(isClearing)) this.#sweeper.schedule();
      if (group.some(({ kind }) => kind === 'person-erased')) this.#threads.compaction?.note();
      if (group.some(({ kind }) => kind === 'erasure-continued')) void this.#compactOnceErased();
    };
    // Not before the commit: maintenance that starts earlier would miss it.
    written.then(note, note);
    return written;
  }

  async #compactOnceErased(): Promise<void> {
    const { compaction } = this.#threads;
    if (!compaction?.isDue) return;
    if (await this.queries.isErasing().catch(() => true)) return;
    compaction.schedule();
  }

  /** The thread that writes: it does not wait until the database is compacted. */
  get #writing(): WorkerClient<Writing & Queries>['methods'] {
    this.#threads.compaction?.interrupt();
    return this.#threads.writer.methods;
  }

  /** Commits something that changes nothing. @throws StorageError where that fails */
  async probe(): Promise<void> {
    const { compaction, writer } = this.#threads;
    // It would interrupt what shows as well that the disk can be written.
    if (!compaction?.isRunning) await writer.methods.probe();
  }

  /**
   * The last messages of the rooms that match the search, newest first.
   * @param from the client's address
   * @throws ChatError where it is too large, too many searches wait, or the store is closed
   */
  search(request: SearchRequest, from: string): Promise<SearchResult> {
    return this.#searchQueue.search(request, from);
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#searchQueue.close();
    this.#sweeper.close();
    const { compaction, checkpointer, others, writer } = this.#threads;
    await compaction?.close();
    await checkpointer?.close();
    await Promise.all(others.map((thread) => thread.close()));
    await writer.close();
  }
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
