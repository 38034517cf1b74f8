import { messageId } from '../lib/dom.ts';
import { MAX_MESSAGES } from './message-window.ts';

/**
 * Changes that arrived for messages outside the page. A history page being loaded may have been
 * rendered before them: they are merged into it.
 */
export class OffscreenChanges {
  #articles: HTMLElement[] = [];
  /** The last message of those that were dropped. */
  #lostId = 0;

  /** Only the latest state counts: an edited or deleted message is still one. */
  add(article: HTMLElement): void {
    const index = this.#articles.findIndex(({ id }) => id === article.id);
    if (index >= 0) this.#articles.splice(index, 1);
    this.#articles.push(article);
    if (this.#articles.length <= MAX_MESSAGES) return;
    this.#lostId = Math.max(this.#lostId, ...this.#articles.splice(0, 1).map(messageId));
  }

  find(id: string): HTMLElement | undefined {
    return this.#articles.find((article) => article.id === id);
  }

  /** Whether all changes after the message `id` are remembered. */
  covers(id: number): boolean {
    return id >= this.#lostId;
  }

  /** Removes and returns what fits on the page now. */
  take(hasPlace: (article: HTMLElement) => boolean): readonly HTMLElement[] {
    const taken = this.#articles.filter(hasPlace);
    this.#articles = this.#articles.filter((article) => !taken.includes(article));
    return taken;
  }

  /** Counts those that match. */
  count(isSuch: (article: HTMLElement) => boolean): number {
    return this.#articles.filter(isSuch).length;
  }

  clear(): void {
    this.#articles = [];
    this.#lostId = 0;
  }
}
