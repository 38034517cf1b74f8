import { asUnchanged, type Fragment } from '../features/messages/fragment.ts';
import type { RenderedMessage } from '../features/messages/rendered-message.ts';
import type { Reader, Renderer } from '../features/messages/renderer.ts';
import { BATCH_BYTES, Batch } from './batch.ts';
import { latestPerMessage } from './coalesce.ts';
import type { Message } from './message.ts';
import { NewestMessages } from './newest-messages.ts';

/** What is kept, so that a short absence costs no look into the store. */
const CAPACITY = 200;
/** What a newcomer is shown. */
const HISTORY = 100;
/** Batches that are kept for those who ask for the same: of more, the first to come goes. */
const MAX_BATCHES = 16;

/** What a room begins with, and whether there was more before. */
interface Seed {
  readonly messages: readonly RenderedMessage[];
  readonly isMore: boolean;
}

/** The newest of a room, at hand. */
export class RecentChanges {
  static readonly CAPACITY = CAPACITY;
  static readonly HISTORY = HISTORY;
  readonly #epoch: string;
  readonly #renderer: Renderer;
  /** What changed last, in the order of the log. */
  readonly #changes = new NewestMessages(CAPACITY);
  /** Every change after this one is here. */
  #floor = 0;
  /** What was posted last, as it is now, in its order: changes of what is old push nothing out. */
  readonly #posts = new NewestMessages(HISTORY);
  /** Messages up to this one are not in the history. */
  #start = 0;
  #hasEarlier = false;
  /** The first batch from each place, made once for all who ask before the next change. */
  #batches = new Map<string, Batch | undefined>();

  constructor(epoch: string, renderer: Renderer) {
    this.#epoch = epoch;
    this.#renderer = renderer;
  }

  /** The number of the last change. */
  get head(): number {
    return this.#changes.all.at(-1)?.seq ?? this.#floor;
  }

  /** The last messages in the order they were posted, for one who has none. */
  get history(): readonly RenderedMessage[] {
    return this.#posts.all;
  }

  /** Whether something was posted before them that is still there. */
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }

  /** The number after which the history begins. */
  get historyStart(): number {
    const [first] = this.#posts.all;
    return first ? first.id - 1 : this.#floor;
  }

  /** Whether all that changed after `seq` is here. */
  covers(seq: number): boolean {
    return seq >= this.#floor;
  }

  /** A message that is at hand as it was at this change. */
  find({ id, seq }: Message): RenderedMessage | undefined {
    const isIt = (message: RenderedMessage) => message.id === id && message.seq === seq;
    return this.#changes.all.findLast(isIt) ?? this.#posts.all.findLast(isIt);
  }

  /**
   * The first batch of what changed after `seq`, as it is when this is called.
   * @param floor changes of messages up to this one are left out
   */
  after(seq: number, floor: number, reader: Reader): Promise<Batch | undefined> {
    const start = this.#changes.all.findLastIndex((message) => message.seq <= seq) + 1;
    return this.#first(`${start} ${floor}`, reader, async () =>
      this.#renderer.take(
        this.#changes.all.slice(start).filter(({ id }) => id > floor),
        reader,
        BATCH_BYTES,
      ),
    );
  }

  /** The first batch of what was posted after the message `id`, where that is in the history. */
  postedAfter(id: number, reader: Reader): Promise<Batch | undefined> {
    return this.#first(`posted ${id}`, reader, async () => {
      const posted = this.#posts.all.filter((post) => post.id > id && post.isUserContent);
      return (await this.#renderer.take(posted, reader, BATCH_BYTES)).map(asUnchanged);
    });
  }

  /** @param take has what it is made of rendered, as that is now */
  async #first(
    page: string,
    { type }: Reader,
    take: () => Promise<readonly Fragment[]>,
  ): Promise<Batch | undefined> {
    // What changes while it is rendered begins with a list of its own.
    const batches = this.#batches;
    const key = `${type} ${page}`;
    if (batches.has(key)) return batches.get(key);
    const first = await take();
    const batch = first.length > 0 ? new Batch(first, this.#epoch) : undefined;
    // Another may have made it meanwhile: what was framed for them is good for all.
    if (batches.has(key)) return batches.get(key);
    batches.set(key, batch);
    const [oldest] = batches.keys();
    if (batches.size > MAX_BATCHES && oldest !== undefined) batches.delete(oldest);
    return batch;
  }

  /** Takes what was posted last, in its order, and what changed last. */
  seed(posts: Seed, changes: Seed): void {
    this.#posts.add(posts.messages);
    this.#hasEarlier = posts.isMore;
    this.#start = posts.isMore ? this.historyStart : 0;
    this.add(changes.messages);
    const [first] = changes.messages;
    if (changes.isMore && first) this.#floor = Math.max(this.#floor, first.seq - 1);
  }

  add(messages: readonly RenderedMessage[]): void {
    this.#batches = new Map();
    this.#insert(messages);
    const changed = new Set(messages.flatMap(({ id, seq }) => (id === seq ? [] : [id])));
    if (changed.size > 0) this.#changes.filter(({ id }) => !changed.has(id));
    this.#changes.add(latestPerMessage(messages));
    this.#floor = this.#changes.trim()?.seq ?? this.#floor;
  }

  /** Puts what is new at the end of the history, and what changed in its place there. */
  #insert(messages: readonly RenderedMessage[]): void {
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

  /** Nothing before `seq` is there any more. */
  clear(seq: number): void {
    this.#batches = new Map();
    this.#changes.filter((message) => message.seq >= seq);
    if (this.#posts.filter(({ id }) => id >= seq)) this.#hasEarlier = false;
    this.#floor = Math.max(this.#floor, seq - 1);
  }
}
