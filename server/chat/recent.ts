import type { Fragment } from '../render/fragment.ts';
import { type Batch, batches } from './batch.ts';

/** What is kept, so that a short absence costs no look into the store. */
const KEPT = 200;
/** What a newcomer is shown. */
const HISTORY = 100;

/** The newest of a room, rendered and at hand. */
export class Recent {
  /** How many to fill it with: one more than it keeps tells it that there are more. */
  static readonly ENOUGH = KEPT + 1;
  readonly #epoch: string;
  /** In the order of the log. */
  #fragments: Fragment[] = [];
  /** Every change after this one is here. */
  #floor = 0;
  /** The first batch from each place, made once for all who ask before the next change. */
  readonly #batches = new Map<number, Batch | undefined>();

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** The number of the last change. */
  get head(): number {
    return this.#fragments.at(-1)?.seq ?? 0;
  }

  /** The last messages, for one who has none. */
  get history(): readonly Fragment[] {
    return this.#fragments.slice(-HISTORY);
  }

  /** The number after which the history begins. */
  get historyFloor(): number {
    return this.#fragments.at(-HISTORY - 1)?.seq ?? this.#floor;
  }

  /** Whether all that changed after `seq` is here. */
  reaches(seq: number): boolean {
    return seq >= this.#floor;
  }

  /** The first batch of what changed after `seq`. */
  after(seq: number): Batch | undefined {
    const start = this.#fragments.findLastIndex((fragment) => fragment.seq <= seq) + 1;
    if (!this.#batches.has(start)) {
      const [first] = batches(this.#fragments.slice(start), this.#epoch);
      this.#batches.set(start, first ?? undefined);
    }
    return this.#batches.get(start);
  }

  add(fragments: readonly Fragment[]): void {
    this.#batches.clear();
    this.#fragments.push(...fragments);
    const surplus = this.#fragments.length - KEPT;
    if (surplus <= 0) return;
    this.#floor = this.#fragments[surplus - 1]?.seq ?? 0;
    this.#fragments = this.#fragments.slice(surplus);
  }
}
