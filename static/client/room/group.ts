import { isSameDay, localizeTime } from '../lib/clock.ts';

/** Messages of one author within this time are one group. */
const GROUP_MS = 5 * 60 * 1000;

/** A message that continues its author's previous one is shown without its header. @param article a message */
export function group(article: Element, previous = article.previousElementSibling): void {
  if (article instanceof HTMLElement) showDay(article, messageBefore(previous));
  const isContinued =
    article instanceof HTMLElement &&
    previous instanceof HTMLElement &&
    // The pin mark is in the header.
    !article.classList.contains('pinned') &&
    article.classList.contains('message') &&
    // Each poll has its author and time, and what follows it.
    !article.classList.contains('poll') &&
    !previous.classList.contains('poll') &&
    previous.classList.contains('message') &&
    !article.classList.contains('emote') &&
    !previous.classList.contains('emote') &&
    previous.dataset.uid === article.dataset.uid &&
    timeOf(article) - timeOf(previous) < GROUP_MS &&
    isSameDayAs(article, previous);
  article.classList.toggle('continued', isContinued);
}

/** The first message of a day has a divider above it, with the day. */
function showDay(article: HTMLElement, previous: Element | undefined): void {
  const here = article.querySelector(':scope > .day');
  if (previous && isSameDayAs(article, previous)) here?.remove();
  else if (!here) article.prepend(dayDivider(timeOf(article)));
}

function dayDivider(at: number): HTMLElement {
  const divider = document.createElement('p');
  divider.className = 'day client-only';
  const day = document.createElement('time');
  day.dateTime = new Date(at).toISOString();
  divider.append(day);
  localizeTime(day);
  return divider;
}

/** The next message: the unread divider may stand between two. */
export function messageAfter(element: Element): Element | undefined {
  let after = element.nextElementSibling;
  while (after && !after.matches('article')) after = after.nextElementSibling;
  return after ?? undefined;
}

function messageBefore(element: Element | null): Element | undefined {
  let before = element;
  while (before && !before.matches('article')) before = before.previousElementSibling;
  return before ?? undefined;
}

function isSameDayAs(article: Element, previous: Element): boolean {
  return isSameDay(new Date(timeOf(article)), new Date(timeOf(previous)));
}

function timeOf(article: Element): number {
  return Date.parse(
    article.querySelector<HTMLTimeElement>(':scope > :not(.day) time, :scope > time')?.dateTime ??
      '',
  );
}
