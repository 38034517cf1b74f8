import { asNew, type Fragment } from '../render/fragment.ts';
import type { RenderedMessage } from '../render/rendered-message.ts';
import type { Reader, Renderer } from '../render/renderer.ts';
import type { Message } from '../store/message.ts';
import { BATCH_BYTES, Batch } from './batch.ts';
import { lastWords } from './last-words.ts';

/** What is kept, so that a short absence costs no look into the store. */
const KEPT = 200;
/** What a newcomer is shown. */
const HISTORY = 100;
/**
 * Either is less where more was written in it than so many UTF-16 units, and what it was rendered to is
 * forgotten beyond that. A hundred of the longest messages are less; of polls it may be more.
 */
const MAX_LENGTH = 1024 * 1024;
/** Batches that are kept for those who ask for the same: of more, the first to come goes. */
const MAX_BATCHES = 16;

/** The newest of something, and whether there was more before. */
interface Newest {
  readonly messages: readonly RenderedMessage[];
  readonly isMore: boolean;
}

/** The newest of a room, at hand. */
export class Recent {
  static readonly KEPT = KEPT;
  static readonly HISTORY = HISTORY;
  readonly #epoch: string;
  readonly #renderer: Renderer;
  /** What changed last, in the order of the log. */
  #changes: RenderedMessage[] = [];
  /** Every change after this one is here. */
  #floor = 0;
  /** What was posted last, as it is now, in its order: changes of what is old push nothing out. */
  #posts: RenderedMessage[] = [];
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
    return this.#changes.at(-1)?.seq ?? this.#floor;
  }

  /** The last messages in the order they were posted, for one who has none. */
  get history(): readonly RenderedMessage[] {
    return this.#posts;
  }

  /** Whether something was posted before them that is still there. */
  get hasEarlier(): boolean {
    return this.#hasEarlier;
  }

  /** The number after which the history begins. */
  get historyFloor(): number {
    const [first] = this.#posts;
    return first ? first.id - 1 : this.#floor;
  }

  /** Whether all that changed after `seq` is here. */
  reaches(seq: number): boolean {
    return seq >= this.#floor;
  }

  /** A message that is at hand as it was at this change. */
  find({ id, seq }: Message): RenderedMessage | undefined {
    const isIt = (message: RenderedMessage) => message.id === id && message.seq === seq;
    return this.#changes.findLast(isIt) ?? this.#posts.findLast(isIt);
  }

  /**
   * The first batch of what changed after `seq`, as it is when this is called.
   * @param floor changes of messages up to this one are left out
   */
  after(seq: number, floor: number, reader: Reader): Promise<Batch | undefined> {
    const start = this.#changes.findLastIndex((message) => message.seq <= seq) + 1;
    return this.#first(`${start} ${floor}`, reader, async () =>
      this.#renderer.take(
        this.#changes.slice(start).filter(({ id }) => id > floor),
        reader,
        BATCH_BYTES,
      ),
    );
  }

  /** The first batch of what was posted after the message `id`, where that is in the history. */
  postedAfter(id: number, reader: Reader): Promise<Batch | undefined> {
    return this.#first(`posted ${id}`, reader, async () => {
      const posted = this.#posts.filter((post) => post.id > id && post.isSaid);
      return (await this.#renderer.take(posted, reader, BATCH_BYTES)).map(asNew);
    });
  }

  /** @param take has what it is made of rendered, as that is now */
  async #first(
    place: string,
    { type }: Reader,
    take: () => Promise<readonly Fragment[]>,
  ): Promise<Batch | undefined> {
    // What changes while it is rendered begins with a list of its own.
    const batches = this.#batches;
    const key = `${type} ${place}`;
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
  fill(posts: Newest, changes: Newest): void {
    this.#posts = [...posts.messages];
    this.#hasEarlier = posts.isMore;
    this.#start = posts.isMore ? this.historyFloor : 0;
    this.add(changes.messages);
    const [first] = changes.messages;
    if (changes.isMore && first) this.#floor = Math.max(this.#floor, first.seq - 1);
  }

  add(messages: readonly RenderedMessage[]): void {
    this.#batches = new Map();
    this.#place(messages);
    const changed = new Set(messages.flatMap(({ id, seq }) => (id === seq ? [] : [id])));
    if (changed.size > 0) this.#changes = this.#changes.filter(({ id }) => !changed.has(id));
    this.#changes.push(...lastWords(messages));
    const surplus = surplusOf(this.#changes, KEPT);
    if (surplus === 0) return;
    this.#floor = this.#changes[surplus - 1]?.seq ?? 0;
    this.#changes = this.#changes.slice(surplus);
  }

  /** Puts what is new at the end of the history, and what changed in its place there. */
  #place(messages: readonly RenderedMessage[]): void {
    for (const message of messages) {
      const index = this.#posts.findLastIndex(({ id }) => id <= message.id);
      if (this.#posts[index]?.id === message.id) this.#posts[index] = message;
      else if (message.id > this.#start) this.#posts.splice(index + 1, 0, message);
    }
    const surplus = surplusOf(this.#posts, HISTORY);
    if (surplus === 0) return;
    this.#hasEarlier = true;
    this.#start = this.#posts[surplus - 1]?.id ?? 0;
    this.#posts = this.#posts.slice(surplus);
  }

  /** Nothing before `seq` is there any more. */
  clear(seq: number): void {
    this.#batches = new Map();
    this.#changes = this.#changes.filter((message) => message.seq >= seq);
    const posts = this.#posts.filter(({ id }) => id >= seq);
    if (posts.length < this.#posts.length) this.#hasEarlier = false;
    this.#posts = posts;
    this.#floor = Math.max(this.#floor, seq - 1);
  }
}

/**
 * How many of the first are too much: of the last, at least one is kept. Of those, the last are kept
 * as they were rendered.
 */
function surplusOf(messages: readonly RenderedMessage[], max: number): number {
  let length = 0;
  let rendered = 0;
  const last = messages.findLastIndex((message, index) => {
    length += message.length;
    rendered += message.renderedLength;
    if (rendered > MAX_LENGTH) message.forget();
    const count = messages.length - index;
    return count > max || (count > 1 && length > MAX_LENGTH);
  });
  return last + 1;
}
