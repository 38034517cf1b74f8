import type { RenderedMessage } from '../features/messages/rendered-message.ts';

/**
 * UTF-16 units that may be written in the messages of a list, and that may be kept of what they were
 * rendered to. A hundred of the longest messages are less; of polls it may be more.
 */
const MAX_LENGTH = 1024 * 1024;
/** Where less was written, what it was rendered to is not worth looking at with every commit. */
const LIGHT_LENGTH = MAX_LENGTH / 16;

/** The last of many messages, in an order of theirs: so many, and so much written in them, at most. */
export class NewestMessages {
  readonly #max: number;
  #all: RenderedMessage[] = [];
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get all(): readonly RenderedMessage[] {
    return this.#all;
  }

  /** Puts a message at a place, in the place of so many. */
  splice(index: number, message: RenderedMessage, instead: 0 | 1 = 0): void {
    const [gone] = this.#all.splice(index, instead, message);
    this.#length += message.length - (gone?.length ?? 0);
  }

  add(messages: readonly RenderedMessage[]): void {
    for (const message of messages) this.splice(this.#all.length, message);
  }

  /** Takes out those that are not to be there. Gives whether there were some. */
  filter(isKept: (message: RenderedMessage) => boolean): boolean {
    const kept = this.#all.filter(isKept);
    const isLess = kept.length < this.#all.length;
    this.#all = kept;
    if (isLess) this.#length = kept.reduce((sum, { length }) => sum + length, 0);
    return isLess;
  }

  /** Drops the first of what is too much; at least one stays. Gives the last that was dropped. */
  trim(): RenderedMessage | undefined {
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

  /** Keeps the last of them as they were rendered; the others are rendered again if they are asked for. */
  #dropOldestRendering(from: number): void {
    let rendered = 0;
    for (let index = this.#all.length - 1; index >= from; index -= 1) {
      const message = this.#all[index];
      rendered += message?.renderedLength ?? 0;
      if (rendered > MAX_LENGTH) message?.forget();
    }
  }
}
