import type { Fragment } from '../render/fragment.ts';
import { Batch } from './batch.ts';

/** What is kept, so that a short absence costs no look into the store. */
const KEPT = 200;
/** What a newcomer is shown. */
const HISTORY = 100;

/** The newest of a room, rendered and at hand. */
export class Recent {
  /** How many to fill it with: one more than it keeps tells it that there are more. */
  static readonly ENOUGH = KEPT + 1;
  /** In the order of the log. */
  #fragments: Fragment[] = [];
  /** Every change after this one is here. */
  #floor = 0;
  #history: Batch | undefined;

  /** The number of the last change. */
  get head(): number {
    return this.#fragments.at(-1)?.seq ?? 0;
  }

  /** The last messages, for one who has none; made once for all who come before the next change. */
  get history(): Batch {
    this.#history ??= new Batch(this.#fragments.slice(-HISTORY));
    return this.#history;
  }

  /** All that changed after `seq`, or `undefined` where that goes back further than what is kept. */
  after(seq: number): readonly Fragment[] | undefined {
    if (seq < this.#floor) return undefined;
    return this.#fragments.slice(this.#fragments.findLastIndex((f) => f.seq <= seq) + 1);
  }

  add(fragments: readonly Fragment[]): void {
    this.#fragments.push(...fragments);
    this.#history = undefined;
    const surplus = this.#fragments.length - KEPT;
    if (surplus <= 0) return;
    this.#floor = this.#fragments[surplus - 1]?.seq ?? 0;
    this.#fragments = this.#fragments.slice(surplus);
  }
}
