import type { LazyFragment } from './fragment.ts';

/**
 * UTF-16 units that the messages of a list may have, and that may be kept of their renderings. A
 * hundred of the longest messages have less; polls may have more.
 */
const MAX_LENGTH = 1024 * 1024;
/** Below this length, the renderings are not worth checking at every commit. */
const LIGHT_LENGTH = MAX_LENGTH / 16;

/** The newest messages, in a given order: limited in number and in total length. */
export class NewestMessages {
  readonly #max: number;
  #all: LazyFragment[] = [];
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get all(): readonly LazyFragment[] {
    return this.#all;
  }

  /** Inserts a message at an index, replacing none or one. */
  splice(index: number, message: LazyFragment, instead: 0 | 1 = 0): void {
    const [gone] = this.#all.splice(index, instead, message);
    this.#length += message.length - (gone?.length ?? 0);
  }

  add(messages: readonly LazyFragment[]): void {
    for (const message of messages) this.splice(this.#all.length, message);
  }

  /** Removes the messages that do not match. Returns whether there were any. */
  filter(isKept: (message: LazyFragment) => boolean): boolean {
    const kept = this.#all.filter(isKept);
    const isLess = kept.length < this.#all.length;
    this.#all = kept;
    if (isLess) this.#length = kept.reduce((sum, { length }) => sum + length, 0);
    return isLess;
  }

  /** Drops the first messages beyond the limits, but not all. Returns the last one dropped. */
  trim(): LazyFragment | undefined {
    let surplus = 0;
    while (this.#isTooMuch(this.#all.length - surplus)) {
      this.#length -= this.#all[surplus]?.length ?? 0;
      surplus += 1;
    }
    if (this.#length > LIGHT_LENGTH) this.#dropOldestRendering(surplus);
    if (surplus === 0) return undefined;
    const last = this.#all[surplus - 1];
    this.#all = this.#all.slice(surplus);
    return last;
  }

  #isTooMuch(count: number): boolean {
    return count > this.#max || (count > 1 && this.#length > MAX_LENGTH);
  }

  /** Keeps the newest renderings; the other messages are rendered again when needed. */
  #dropOldestRendering(from: number): void {
    let rendered = 0;
    for (let index = this.#all.length - 1; index >= from; index -= 1) {
      const message = this.#all[index];
      rendered += message?.renderedLength ?? 0;
      if (rendered > MAX_LENGTH) message?.forget();
    }
  }
}
