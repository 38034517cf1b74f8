/** The maximum that is remembered. */
const MAX_CHANGES = 300;

/**
 * Changes that arrived for messages outside the page. A history page being loaded may have been
 * rendered before them: they are merged into it.
 * @typeParam M a message
 */
export class OffscreenChanges<M> {
  /** By id, the latest change last. */
  readonly #messages = new Map<number, M>();
  /** The last message of those that were dropped. */
  #lostId = 0;

  /** Only the latest state counts: an edited or deleted message counts once. */
  add(id: number, message: M): void {
    this.#messages.delete(id);
    this.#messages.set(id, message);
    if (this.#messages.size <= MAX_CHANGES) return;
    const [oldest = 0] = this.#messages.keys();
    this.#messages.delete(oldest);
    this.#lostId = Math.max(this.#lostId, oldest);
  }

  find(id: number): M | undefined {
    return this.#messages.get(id);
  }

  /** Whether all changes after the message `id` are remembered. */
  covers(id: number): boolean {
    return id >= this.#lostId;
  }

  /** Removes and returns what fits on the page now. */
  remove(fits: (id: number) => boolean): readonly M[] {
    const removed = [...this.#messages].filter(([id]) => fits(id));
    for (const [id] of removed) this.#messages.delete(id);
    return removed.map(([, message]) => message);
  }

  /** Counts those that match. */
  count(matches: (message: M, id: number) => boolean): number {
    return [...this.#messages].filter(([id, message]) => matches(message, id)).length;
  }

  clear(): void {
    this.#messages.clear();
    this.#lostId = 0;
  }
}
