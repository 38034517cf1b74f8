import { messageId } from '../lib/dom.ts';
import { MAX_MESSAGES } from './message-window.ts';

/**
 * What came while the page did not hold its place. A page of the history that is on its way was
 * perhaps rendered before that: it is put right by what was missed.
 */
export class OffscreenChanges {
  #articles: HTMLElement[] = [];
  /** The last message of those that were too many to remember. */
  #lostId = 0;

  /** What was missed is as it is now: a message that is edited or deleted is one still. */
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

  /** Whether all that came after the message `id` is remembered. */
  covers(id: number): boolean {
    return id >= this.#lostId;
  }

  /** Gives what has its place on the page now, and forgets it. */
  take(hasPlace: (article: HTMLElement) => boolean): readonly HTMLElement[] {
    const taken = this.#articles.filter(hasPlace);
    this.#articles = this.#articles.filter((article) => !taken.includes(article));
    return taken;
  }

  /** How many of those that are remembered are such. */
  count(isSuch: (article: HTMLElement) => boolean): number {
    return this.#articles.filter(isSuch).length;
  }

  clear(): void {
    this.#articles = [];
    this.#lostId = 0;
  }
}
