import { asNew, type Fragment } from '../render/fragment.ts';
import { type Batch, batches } from './batch.ts';
import { lastWords } from './last-words.ts';

/** What is kept, so that a short absence costs no look into the store. */
const KEPT = 200;
/** What a newcomer is shown. */
const HISTORY = 100;

/** The newest of a room, rendered and at hand. */
export class Recent {
  /** How many to fill it with: one more than it keeps tells it that there are more. */
  static readonly ENOUGH = KEPT + 1;
  static readonly HISTORY = HISTORY;
  readonly #epoch: string;
  /** What changed last, in the order of the log. */
  #fragments: Fragment[] = [];
  /** Every change after this one is here. */
  #floor = 0;
  /** What was posted last, as it is now, in its order: changes of what is old push nothing out. */
  #posts: Fragment[] = [];
  /** The first batch from each place, made once for all who ask before the next change. */
  readonly #batches = new Map<string, Batch | undefined>();

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** The number of the last change. */
  get head(): number {
    return this.#fragments.at(-1)?.seq ?? this.#floor;
  }

  /** The last messages in the order they were posted, for one who has none. */
  get history(): readonly Fragment[] {
    return this.#posts;
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

  /**
   * The first batch of what changed after `seq`.
   * @param floor changes of messages up to this one are left out
   */
  after(seq: number, floor: number): Batch | undefined {
    const start = this.#fragments.findLastIndex((fragment) => fragment.seq <= seq) + 1;
    const key = `${start} ${floor}`;
    if (!this.#batches.has(key)) {
      const changed = this.#fragments.slice(start);
      const wanted = changed.filter(({ id }) => id > floor);
      const [first] = batches(wanted, this.#epoch);
      this.#batches.set(key, first ?? undefined);
    }
    return this.#batches.get(key);
  }

  /** The first batch of what was posted after the message `id`, where that is in the history. */
  postedAfter(id: number): Batch | undefined {
    const key = `posted ${id}`;
    if (!this.#batches.has(key)) {
      const posted = this.#posts.filter((post) => post.id > id).flatMap(asNew);
      const [first] = batches(posted, this.#epoch);
      this.#batches.set(key, first ?? undefined);
    }
    return this.#batches.get(key);
  }

  /** Takes what was posted last, in its order. */
  fill(posts: readonly Fragment[]): void {
    this.#posts = posts.slice(-HISTORY);
  }

  add(fragments: readonly Fragment[]): void {
    this.#batches.clear();
    this.#place(fragments);
    const changed = new Set(fragments.flatMap(({ id, seq }) => (id === seq ? [] : [id])));
    if (changed.size > 0) this.#fragments = this.#fragments.filter(({ id }) => !changed.has(id));
    this.#fragments.push(...lastWords(fragments));
    const surplus = this.#fragments.length - KEPT;
    if (surplus <= 0) return;
    this.#floor = this.#fragments[surplus - 1]?.seq ?? 0;
    this.#fragments = this.#fragments.slice(surplus);
  }

  /** Puts what is new at the end of the history, and what changed in its place there. */
  #place(fragments: readonly Fragment[]): void {
    for (const fragment of fragments) {
      const index = this.#posts.findLastIndex(({ id }) => id <= fragment.id);
      if (this.#posts[index]?.id === fragment.id) this.#posts[index] = fragment;
      else if (index >= 0 || this.#posts.length < HISTORY)
        this.#posts.splice(index + 1, 0, fragment);
    }
    this.#posts = this.#posts.slice(-HISTORY);
  }

  /** Nothing before `seq` is there any more. */
  clear(seq: number): void {
    this.#batches.clear();
    this.#fragments = this.#fragments.filter((fragment) => fragment.seq >= seq);
    this.#posts = this.#posts.filter(({ id }) => id >= seq);
    this.#floor = Math.max(this.#floor, seq - 1);
  }
}
