import { localizeTimes } from '../lib/clock.ts';
import { messageId } from '../lib/dom.ts';
import { morph } from '../lib/morph.ts';

/**
 * The one rule, for one of the lists of this page: what is on the page is morphed where it is, what is
 * not is put in its place. Gives it as it is on the page.
 */
export function upsert(list: HTMLElement, article: HTMLElement): HTMLElement {
  localizeTimes(article);
  const here = document.getElementById(article.id);
  if (here) {
    if (Number(here.dataset.seq) < Number(article.dataset.seq)) {
      morph(here, article);
    }
    return here;
  }
  insertInOrder(list, article);
  return article;
}

/** Puts an article among those of a list, in their order. */
export function insertInOrder(list: HTMLElement, article: HTMLElement): void {
  const next = [...list.children].find((other) => messageId(other) > messageId(article));
  list.insertBefore(article, next ?? null);
}
