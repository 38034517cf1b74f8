import { type CurrentPolls, currentPolls, type PollSummary } from '../../shared/current-polls.ts';
import type { Poll } from './poll.ts';

/** The latest polls of a room, of which the current ones are chosen. */
export class PollSummaries {
  readonly #size: number;
  readonly #summaries = new Map<number, PollSummary>();

  /** @param size the number of polls; older ones are forgotten */
  constructor(size: number) {
    this.#size = size;
  }

  set(id: number, { kind, isOpen, isByModerator }: Poll): void {
    this.#summaries.set(id, { id, kind, isOpen, isByModerator });
    if (this.#summaries.size > this.#size)
      this.#summaries.delete(Math.min(...this.#summaries.keys()));
  }

  delete(id: number): void {
    this.#summaries.delete(id);
  }

  /** The current polls among those after a message. */
  currentAfter(id: number, creators: 'moderators' | 'everyone'): CurrentPolls {
    const later = [...this.#summaries.values()].filter((summary) => summary.id > id);
    return currentPolls(later, creators);
  }
}
