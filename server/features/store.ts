import type { LogStore } from '../core/group-commit-log.ts';
import type { LogPosition, Undated } from '../core/log.ts';
import type { ReplicaStore } from '../core/replication.ts';
import type { DataDir } from '../storage/data-dir.ts';
import type { Client, StoreObserver } from '../storage/worker-client.ts';
import type { ChatChange, ChatOutcome } from './change.ts';
import { dated, type Event, isClearing, isErasing } from './events.ts';
import { ClearedSweeper } from './moderation/cleared-sweeper.ts';
import type { Queries } from './queries.ts';
import type { SearchRequest, SearchResult } from './search/search.ts';
import { SearchQueue } from './search/search-queue.ts';
import { openThreads, type StoreThreads } from './store-threads.ts';

/** How often to check that the files of the store still exist. */
const WATCH_MS = 2_000;

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
  readonly #threads: StoreThreads;
  readonly #searchQueue: SearchQueue;
  readonly #sweeper: ClearedSweeper;
  readonly #watch: NodeJS.Timeout;

  private constructor(position: LogPosition, threads: StoreThreads) {
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
    const threads = await openThreads(folder, observer);
    const { position, wentBack } = threads.writer.methods;
    const lost = await wentBack();
    if (lost) observer.logWentBack(lost);
    return new Store(await position(), threads);
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
  get #writing(): StoreThreads['writer']['methods'] {
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
