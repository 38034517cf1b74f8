import type { Attachment, Event } from '../core/event.ts';
import type { Message } from '../core/message.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Account } from '../features/accounts/account.ts';
import type { Session } from '../features/accounts/session.ts';
import type { Settings } from '../features/moderation/room-settings.ts';
import type { Poll } from '../features/polls/poll.ts';
import type { HistoryPoint } from '../features/polls/vote-history.ts';
import type { SearchRequest, SearchResult } from '../features/search/search.ts';
import { SearchQueue } from '../features/search/search-queue.ts';
import { ClearedSweeper } from './cleared-sweeper.ts';
import type { DataDir } from './data-dir.ts';
import { isClearing, isErasing } from './erasing.ts';
import { LazyWorkerClient } from './lazy-worker-client.ts';
import type { Position } from './log-position.ts';
import type { Page } from './page.ts';
import type { ClosingPoll, ListedRoom, OwnVote } from './queries.ts';
import { WalCheckpointer } from './wal-checkpointer.ts';
import { type StoreObserver, WorkerClient } from './worker-client.ts';

/** How often to check that the files of the store still exist. */
const WATCH_MS = 2_000;

/**
 * What the log adds up to, on the disk: one thread writes it, one reads it, one indexes and
 * searches it, and one does maintenance.
 */
export class Store {
  /** The log's epoch and its last event when the store was opened. */
  readonly position: Position;
  readonly #writer: WorkerClient;
  readonly #reader: WorkerClient;
  readonly #searcher: LazyWorkerClient | WorkerClient;
  readonly #searchQueue: SearchQueue;
  readonly #checkpointer: WalCheckpointer | undefined;
  readonly #sweeper: ClearedSweeper;
  readonly #watch: NodeJS.Timeout;

  private constructor(
    position: Position,
    writer: WorkerClient,
    reader = writer,
    searcher: LazyWorkerClient | WorkerClient = writer,
    keeper?: WalCheckpointer,
  ) {
    this.position = position;
    this.#writer = writer;
    this.#reader = reader;
    this.#searcher = searcher;
    this.#searchQueue = new SearchQueue(searcher);
    this.#checkpointer = keeper;
    this.#sweeper = new ClearedSweeper(writer, () => keeper?.schedule(true));
    // Even when nobody writes, the operator is alerted to a folder that is gone.
    const watch = () => void writer.ask('assertInPlace').catch(() => undefined);
    this.#watch = setInterval(watch, WATCH_MS).unref();
  }

  /** @throws StartupError where the database exists and is not sound */
  static async open(folder: DataDir, observer: StoreObserver): Promise<Store> {
    const file = folder.path('chat.sqlite');
    const index = folder.path('search.sqlite');
    // An in-memory database is visible only to the thread that created it.
    const data = file ? { file } : { file: ':memory:', index: ':memory:' };
    const writer = await WorkerClient.open({ ...data, mode: 'write' }, observer);
    const position = await writer.ask('position');
    if (!file) return new Store(position, writer);
    const wentBack = await writer.ask('wentBack');
    if (wentBack) observer.logWentBack(wentBack);
    const reader = await WorkerClient.open({ file, mode: 'read' }, observer);
    const searcher = new LazyWorkerClient({ file, index, mode: 'read' }, observer);
    const keeper = new WalCheckpointer(new LazyWorkerClient({ file, mode: 'keep' }, observer));
    return new Store(position, writer, reader, searcher, keeper);
  }

  /** Writes a group of events: all of them, or, when this rejects, none. */
  append(group: readonly Event[]): Promise<Outcome[]> {
    const written = this.#writer.ask('append', group);
    const note = () => {
      this.#checkpointer?.schedule(group.some(isErasing));
      this.#searchQueue.schedule();
      if (group.some(isClearing)) this.#sweeper.schedule();
    };
    // Not before the commit: maintenance that starts earlier would miss it.
    written.then(note, note);
    return written;
  }

  /**
   * The changes in a room after `seq`, in their current state and in order.
   * @param floor changes of messages up to this one are left out
   */
  changedSince(room: string, seq: number, floor: number, limit: number): Promise<Page> {
    return this.#reader.ask('changedSince', room, seq, floor, limit);
  }

  /** The messages posted in a room after `id`, in their current state, in the order of posting. */
  postedAfter(room: string, id: number, limit: number): Promise<Page> {
    return this.#reader.ask('postedAfter', room, id, limit);
  }

  /** How many messages of a room changed after `seq`, counted up to `limit`. */
  countSince(room: string, seq: number, limit: number): Promise<number> {
    return this.#reader.ask('countSince', room, seq, limit);
  }

  /** The latest changes in a room, in their current state and in order. */
  latest(room: string, limit: number): Promise<Page> {
    return this.#reader.ask('latest', room, limit);
  }

  /** The last messages of a room posted before the message `id`, in the order they were posted. */
  before(room: string, id: number, limit: number): Promise<Page> {
    return this.#reader.ask('before', room, id, limit);
  }

  /** The first messages of a room posted after the message `id`, in the order they were posted. */
  after(room: string, id: number, limit: number): Promise<Page> {
    return this.#reader.ask('after', room, id, limit);
  }

  /**
   * The last messages of a room that match the search, newest first.
   * @param from the client's address
   * @throws ChatError where it is too large, too many searches wait, or the store is closed
   */
  search(request: SearchRequest, from: string): Promise<SearchResult> {
    return this.#searchQueue.search(request, from);
  }

  /** How many messages were posted in a room after the message `id`, counted up to `limit`. */
  countAfter(room: string, id: number, limit: number): Promise<number> {
    return this.#reader.ask('countAfter', room, id, limit);
  }

  /** The settings of a room; `undefined` where nothing was ever done in it. */
  settings(room: string): Promise<Settings | undefined> {
    return this.#reader.ask('settings', room);
  }

  /** The listed rooms without a password, those with the latest messages first. */
  listed(limit: number): Promise<ListedRoom[]> {
    return this.#reader.ask('listed', limit);
  }

  /** A session, by the hash of its id. */
  session(id: string): Promise<Session | undefined> {
    return this.#reader.ask('session', id);
  }

  /** The last polls of a room before the message `before`, newest first. */
  polls(room: string, before: number, limit: number): Promise<Page> {
    return this.#reader.ask('polls', room, before, limit);
  }

  /** Some polls of a room with votes that are not counted yet. */
  uncountedPolls(room: string, limit: number): Promise<number[]> {
    return this.#reader.ask('uncountedPolls', room, limit);
  }

  /** The open polls of a room that close at a time, those that close first come first. */
  closingPolls(room: string, limit: number): Promise<ClosingPoll[]> {
    return this.#reader.ask('closingPolls', room, limit);
  }

  /** How the counts of a poll grew. */
  voteHistory(id: number, poll: Pick<Poll, 'isAnonymous' | 'options'>): Promise<HistoryPoint[]> {
    const { isAnonymous, options } = poll;
    return this.#reader.ask('voteHistory', id, { isAnonymous, options });
  }

  /** A message of a room, in its current state. */
  message(room: string, id: number): Promise<Message | undefined> {
    return this.#reader.ask('message', room, id);
  }

  /** Which of these polls a voter has voted in. */
  votedIn(polls: readonly number[], keys: readonly string[]): Promise<number[]> {
    return this.#reader.ask('votedIn', polls, keys);
  }

  /** A voter's choices in the last polls of a room. */
  votesOf(room: string, keys: readonly string[], limit: number): Promise<OwnVote[]> {
    return this.#reader.ask('votesOf', room, keys, limit);
  }

  /** A file of a room. */
  file(room: string, id: string): Promise<Attachment | undefined> {
    return this.#reader.ask('file', room, id);
  }

  /** Some files that were uploaded before a time, and that no message carries. */
  unusedFiles(before: number): Promise<string[]> {
    return this.#reader.ask('unusedFiles', before);
  }

  /** The ids that belong to no file. */
  unknownFiles(ids: readonly string[]): Promise<string[]> {
    return this.#reader.ask('unknownFiles', ids);
  }

  /** The current name of a user; `null` for none. */
  nameOf(uid: string): Promise<string | null> {
    return this.#reader.ask('nameOf', uid);
  }

  /** The account of a name, or of one that looks like it. */
  account(skeleton: string, name: string): Promise<Account> {
    return this.#reader.ask('account', skeleton, name);
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#searchQueue.close();
    this.#sweeper.close();
    await this.#checkpointer?.close();
    const others = new Set([this.#reader, this.#searcher]);
    others.delete(this.#writer);
    await Promise.all([...others].map((thread) => thread.close()));
    await this.#writer.close();
  }
}
