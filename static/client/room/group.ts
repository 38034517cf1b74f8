import { isSameDay } from '../lib/clock.ts';

/** Messages of one author within this time are one group. */
const GROUP_MS = 5 * 60 * 1000;

/** A message that continues its author's previous one is shown without its header. */
export function group(article: Element, previous = article.previousElementSibling): void {
  const isContinued =
    article instanceof HTMLElement &&
    previous instanceof HTMLElement &&
    // The pin mark is in the header.
    !article.classList.contains('pinned') &&
    article.classList.contains('message') &&
    previous.classList.contains('message') &&
    !article.classList.contains('emote') &&
    !previous.classList.contains('emote') &&
    previous.dataset.uid === article.dataset.uid &&
    timeOf(article) - timeOf(previous) < GROUP_MS &&
    // The first message of a day shows the date.
    isSameDay(new Date(timeOf(article)), new Date(timeOf(previous)));
  article.classList.toggle('continued', isContinued);
}

function timeOf(article: Element): number {
  return Date.parse(article.querySelector('time')?.dateTime ?? '');
}
