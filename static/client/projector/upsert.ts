import { localizeTimes } from '../lib/clock.ts';
import { completeMessage, seqOf } from '../lib/complete-message.ts';
import { messageId } from '../lib/dom.ts';
import { morph } from '../lib/morph.ts';

/**
 * Morphs an article that is in the list, inserts an article that is not. Returns it as it is on the page.
 */
export function upsert(list: HTMLElement, article: HTMLElement): HTMLElement {
  completeMessage(article);
  localizeTimes(article);
  const here = document.getElementById(article.id);
  if (here) {
    if (seqOf(here) < seqOf(article)) {
      morph(here, article);
    }
    return here;
  }
  insertInOrder(list, article);
  return article;
}

/** Inserts an article into a list, in order. */
export function insertInOrder(list: HTMLElement, article: HTMLElement): void {
  const next = [...list.children].find((other) => messageId(other) > messageId(article));
  list.insertBefore(article, next ?? null);
}
