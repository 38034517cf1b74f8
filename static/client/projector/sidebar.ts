import { localizeTimes } from '../lib/clock.ts';
import { completeMessage } from '../lib/complete-message.ts';
import { byId, messageId } from '../lib/dom.ts';
import { Mutes } from '../room/mutes.ts';
import { insertInOrder, upsert } from './upsert.ts';

/** Messages in the sidebar: see server/features/projector/routes.ts. */
const MAX_ITEMS = 20;

/** The sidebar: the pinned messages, or else the latest. */
export class Sidebar {
  readonly #pinned = byId('pinned');
  readonly #latest = byId('latest');
  readonly #mutes = new Mutes();
  #pins: readonly number[] = [...this.#pinned.children].map(messageId);

  constructor() {
    for (const list of [this.#pinned, this.#latest]) {
      for (const article of list.querySelectorAll('article')) completeMessage(article);
      localizeTimes(list);
    }
    this.apply([]);
  }

  apply(articles: readonly HTMLElement[]): void {
    for (const article of articles) upsert(this.#latest, article);
    this.#sort();
  }

  /** Sets the pinned messages. Returns whether all of them are on the page. */
  pin(ids: readonly number[]): boolean {
    this.#pins = ids;
    this.#sort();
    return ids.every((id) => document.getElementById(`m-${id}`) !== null);
  }

  clear(): void {
    this.#pinned.replaceChildren();
    this.#latest.replaceChildren();
  }

  #sort(): void {
    for (const article of [...this.#latest.children, ...this.#pinned.children]) {
      if (!(article instanceof HTMLElement)) continue;
      const list = this.#pins.includes(messageId(article)) ? this.#pinned : this.#latest;
      if (article.parentElement !== list) insertInOrder(list, article);
      article.classList.toggle('muted', this.#mutes.has(article.dataset.uid ?? ''));
    }
    while (this.#latest.childElementCount > MAX_ITEMS) this.#latest.firstElementChild?.remove();
  }
}
