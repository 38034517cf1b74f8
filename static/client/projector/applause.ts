import { emojiOf } from './emoji-of.ts';

/** The applause for the poll on the stage. */
export class Applause {
  readonly #onApplause: (counts: Readonly<Record<string, number>>) => void;
  /** The poll, and the counts of its options. */
  #poll = '';
  #counts: readonly number[] = [];

  /** @param onApplause receives how many more there are of each emoji */
  constructor(onApplause: (counts: Readonly<Record<string, number>>) => void) {
    this.#onApplause = onApplause;
  }

  /** A poll is on the stage, or has changed there. */
  show(poll: HTMLElement | undefined): void {
    const isApplause = poll?.querySelector('[data-applause]') ?? null;
    const rows = isApplause ? [...(poll?.querySelectorAll<HTMLElement>('[data-count]') ?? [])] : [];
    const counts = rows.map(({ dataset }) => Number(dataset.count));
    // The counts that a poll begins with, or that were hidden, are no news.
    if (poll && poll.id === this.#poll && counts.length === this.#counts.length) {
      const added: Record<string, number> = {};
      for (const [index, row] of rows.entries()) {
        const more = (counts[index] ?? 0) - (this.#counts[index] ?? 0);
        const emoji = emojiOf(row.querySelector('bdi')?.textContent ?? '');
        if (more > 0) added[emoji] = (added[emoji] ?? 0) + more;
      }
      if (Object.keys(added).length > 0) this.#onApplause(added);
    }
    this.#poll = poll?.id ?? '';
    this.#counts = counts;
  }
}
