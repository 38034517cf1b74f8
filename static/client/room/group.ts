import { isSameDay, localizeTime } from '../lib/clock.ts';

/** Messages of one author within this time are one group. */
const GROUP_MS = 5 * 60 * 1000;

/**
 * The first message of a day has a divider above it; one that continues its author's previous
 * message is shown without its header.
 * @param before what is above it: a message, or the unread divider
 */
export function group(article: HTMLElement, before = article.previousElementSibling): void {
  const previous = messageBefore(before);
  const startsDay = !previous || !isSameDayAs(article, previous);
  showDay(article, startsDay);
  const isContinued = !startsDay && previous === before && continues(article, previous);
  article.classList.toggle('continued', isContinued);
}

function continues(article: HTMLElement, previous: HTMLElement): boolean {
  return (
    isGrouped(article) &&
    isGrouped(previous) &&
    // The pin mark is in the header.
    !article.classList.contains('pinned') &&
    previous.dataset.uid === article.dataset.uid &&
    timeOf(article) - timeOf(previous) < GROUP_MS
  );
}

/** Each poll has its author and time, and so has what follows it. */
function isGrouped(article: HTMLElement): boolean {
  return article.matches('.message:not(.poll, .emote)');
}

function showDay(article: HTMLElement, startsDay: boolean): void {
  const here = article.querySelector(':scope > .day');
  if (!startsDay) here?.remove();
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
export function messageAfter(element: Element): HTMLElement | undefined {
  return firstMessage(element.nextElementSibling, 'nextElementSibling');
}

function messageBefore(element: Element | null): HTMLElement | undefined {
  return firstMessage(element, 'previousElementSibling');
}

function firstMessage(
  from: Element | null,
  direction: 'nextElementSibling' | 'previousElementSibling',
): HTMLElement | undefined {
  let element = from;
  while (element && !element.matches('article')) element = element[direction];
  return element instanceof HTMLElement ? element : undefined;
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
