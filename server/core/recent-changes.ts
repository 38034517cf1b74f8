import { LruMap } from '../shared/lru-map.ts';
import { BATCH_BYTES, Batch } from './batch.ts';
import { latestPerMessage } from './coalesce.ts';
import { afterEvent, isBefore, type Position, START } from './cursor.ts';
import { asUnchanged, type Fragment, type LazyFragment } from './fragment.ts';
import type { Message } from './message.ts';
import { NewestMessages } from './newest-messages.ts';
import type { FragmentRenderer, Reader } from './renderer.ts';

/** Changes kept in memory, so that a short disconnect needs no read from the store. */
const CAPACITY = 200;
/** Messages that a new client is shown. */
const HISTORY = 100;
/** Batches kept for clients that ask for the same. */
const MAX_BATCHES = 16;

/** What a room starts with, and whether there were earlier ones. */
interface Seed {
  readonly messages: readonly LazyFragment[];
  readonly isMore: boolean;
}

/** The newest messages and changes of a room, in memory. */
export class RecentChanges {
  static readonly CAPACITY = CAPACITY;
  static readonly HISTORY = HISTORY;
  readonly #epoch: string;
  readonly #renderer: FragmentRenderer;
  /** The latest changes, in the order of the log. */
  readonly #changes = new NewestMessages(CAPACITY);
  /** Every change after this position is here. */
  #floor = START;
  /** The latest messages posted, in their current state: changes of old ones push none out. */
  readonly #posts = new NewestMessages(HISTORY);
  /** Messages up to this one are not in the history. */
  #start = 0;
  #hasEarlier = false;
  /** The first batch from each position, built once for all who ask before the next change. */
  #batches = new LruMap<string, Batch | undefined>(MAX_BATCHES);

  constructor(epoch: string, renderer: FragmentRenderer) {
    this.#epoch = epoch;
    this.#renderer = renderer;
  }

  /** The last change. */
  get end(): Position {
    return this.#changes.all.at(-1) ?? this.#floor;
  }

  /** The latest messages in the order they were posted, for a client that has none. */
  get history(): readonly LazyFragment[] {
    return this.#posts.all;
  }

  /** Whether earlier messages exist. */
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }

  /** The number after which the history starts. */
  get historyStart(): number {
    const [first] = this.#posts.all;
    return first ? first.id - 1 : this.#floor.seq;
  }

  /** Whether every change after a position is here. */
  covers(position: Position): boolean {
    return !isBefore(position, this.#floor);
  }

  /** The message in memory, if it is in the state of this change. */
  find({ id, seq }: Message): LazyFragment | undefined {
    const isIt = (message: LazyFragment) => message.id === id && message.seq === seq;
    return this.#changes.all.findLast(isIt) ?? this.#posts.all.findLast(isIt);
  }

  /**
   * The first batch of changes after a position, as of this call.
   * @param floor changes of messages up to this one are left out
   */
  after(position: Position, floor: number, reader: Reader): Promise<Batch | undefined> {
    const start = this.#changes.all.findLastIndex((change) => !isBefore(position, change)) + 1;
    return this.#first(`${start} ${floor}`, reader, async () =>
      this.#renderer.take(
        this.#changes.all.slice(start).filter(({ id }) => id > floor),
        reader,
        BATCH_BYTES,
      ),
    );
  }

  /** The first batch of messages posted after `id`, where that is in the history. */
  postedAfter(id: number, reader: Reader): Promise<Batch | undefined> {
    return this.#first(`posted ${id}`, reader, async () => {
      const posted = this.#posts.all.filter((post) => post.id > id && post.isUserContent);
      return (await this.#renderer.take(posted, reader, BATCH_BYTES)).map(asUnchanged);
    });
  }

  /** @param take renders what the batch is made of, in its current state */
  async #first(
    page: string,
    { type }: Reader,
    take: () => Promise<readonly Fragment[]>,
  ): Promise<Batch | undefined> {
    // Changes made while it is rendered start a new map.
    const batches = this.#batches;
    const key = `${type} ${page}`;
    if (batches.has(key)) return batches.get(key);
    const first = await take();
    const batch = first.length > 0 ? new Batch(first, this.#epoch) : undefined;
    // Another call may have built it in the meantime: its frames serve everybody.
    if (batches.has(key)) return batches.get(key);
    batches.set(key, batch);
    return batch;
  }

  /** Adds the latest messages, in order, and the latest changes. */
  seed(posts: Seed, changes: Seed): void {
    this.#posts.add(posts.messages);
    this.#hasEarlier = posts.isMore;
    this.#start = posts.isMore ? this.historyStart : 0;
    this.add(changes.messages);
    const [first] = changes.messages;
    // There may be changes before it by the same event.
    if (changes.isMore && first) this.#raiseFloor({ seq: first.seq, id: first.id - 1 });
  }

  add(messages: readonly LazyFragment[]): void {
    this.#batches = new LruMap(MAX_BATCHES);
    this.#insert(messages);
    const changed = new Set(messages.flatMap(({ id, seq }) => (id === seq ? [] : [id])));
    if (changed.size > 0) this.#changes.filter(({ id }) => !changed.has(id));
    this.#changes.add(latestPerMessage(messages));
    const dropped = this.#changes.trim();
    if (dropped) this.#floor = { seq: dropped.seq, id: dropped.id };
  }

  /** Appends new messages to the history, and replaces changed ones in place. */
  #insert(messages: readonly LazyFragment[]): void {
    for (const message of messages) {
      const index = this.#posts.all.findLastIndex(({ id }) => id <= message.id);
      if (this.#posts.all[index]?.id === message.id) this.#posts.splice(index, message, 1);
      else if (message.id > this.#start) this.#posts.splice(index + 1, message);
    }
    const dropped = this.#posts.trim();
    if (!dropped) return;
    this.#hasEarlier = true;
    this.#start = dropped.id;
  }

  /** Nothing before `seq` exists any more. */
  clear(seq: number): void {
    this.#batches = new LruMap(MAX_BATCHES);
    this.#changes.filter((message) => message.seq >= seq);
    if (this.#posts.filter(({ id }) => id >= seq)) this.#hasEarlier = false;
    this.#raiseFloor(afterEvent(seq - 1));
  }

  /** The messages up to this one do not exist any more. */
  expire(id: number): void {
    const { end } = this;
    this.#batches = new LruMap(MAX_BATCHES);
    if (this.#posts.filter((message) => message.id > id)) this.#hasEarlier = false;
    this.#changes.filter((message) => message.id > id);
    // The last change is the position of clients that have all, even where its message is gone.
    if (!isBefore(this.end, end)) return;
    this.#changes.filter(() => false);
    this.#raiseFloor(end);
  }

  #raiseFloor(position: Position): void {
    if (isBefore(this.#floor, position)) this.#floor = position;
  }
}
