import { emojiOf, type Rising } from './rising.ts';

/** Lets the applause for the poll on the stage rise, as its counts grow. */
export class Applause {
  readonly #rising: Rising;
  /** The poll, and the counts of its options. */
  #poll = '';
  #counts: readonly number[] = [];

  constructor(rising: Rising) {
    this.#rising = rising;
  }

  /** A poll is on the stage, or has changed there. */
  show(poll: HTMLElement | undefined): void {
    const isApplause = poll?.querySelector('[data-applause]') ?? null;
    const rows = isApplause ? [...(poll?.querySelectorAll<HTMLElement>('[data-count]') ?? [])] : [];
    const counts = rows.map(({ dataset }) => Number(dataset.count));
    if (poll && poll.id === this.#poll) {
      for (const [index, row] of rows.entries()) {
        const more = (counts[index] ?? 0) - (this.#counts[index] ?? Number.POSITIVE_INFINITY);
        this.#rising.rise(emojiOf(row.querySelector('bdi')?.textContent ?? ''), more);
      }
    }
    this.#poll = poll?.id ?? '';
    this.#counts = counts;
  }
}
