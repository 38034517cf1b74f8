import { language, t } from './messages.ts';

const time = { hour: '2-digit', minute: '2-digit' } as const;
const day = { month: 'short', day: 'numeric' } as const;
const sameDay = new Intl.DateTimeFormat(language, time);
const sameYear = new Intl.DateTimeFormat(language, { ...day, ...time });
const otherYear = new Intl.DateTimeFormat(language, { year: 'numeric', ...day, ...time });
const dayOfYear = new Intl.DateTimeFormat(language, {
  weekday: 'long',
  month: 'long',
  day: 'numeric',
});
const dayOfOtherYear = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });
/** Marks localized times, which are updated when the day is over. */
const LOCALIZED = 'data-localized';

/** Localizes all times in an element. */
export function localizeTimes(parent: ParentNode): void {
  for (const time of parent.querySelectorAll('time')) localizeTime(time);
}

/** Shows a time in the reader's zone and language, today and later. */
export function localizeTime(element: HTMLTimeElement): void {
  // A time without the attribute is its own text (HTML, section 4.5.14), with a space for the T.
  element.dateTime ||= element.textContent.replace(' ', 'T');
  const at = new Date(element.dateTime);
  element.textContent = textFor(element, at, new Date());
  element.title = full.format(at);
  element.setAttribute(LOCALIZED, '');
  scheduleMidnight();
}

/** Below a divider with the day, the day is not repeated. */
function textFor(element: HTMLTimeElement, at: Date, now: Date): string {
  if (element.matches('.day > time')) return dayText(at, now);
  return element.matches('.at > time, .system-message time')
    ? sameDay.format(at)
    : timeText(at, now);
}

/** A day as seen from another. */
function dayText(at: Date, now: Date): string {
  if (isSameDay(at, now)) return t('today');
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (isSameDay(at, before)) return t('yesterday');
  return (at.getFullYear() === now.getFullYear() ? dayOfYear : dayOfOtherYear).format(at);
}

/** A time as seen from another: with the day, and the year, where they differ. */
export function timeText(at: Date, now: Date): string {
  if (isSameDay(at, now)) return sameDay.format(at);
  return (at.getFullYear() === now.getFullYear() ? sameYear : otherYear).format(at);
}

/** Whether two times are on the same day for the reader. */
export function isSameDay(first: Date, second: Date): boolean {
  return first.toDateString() === second.toDateString();
}

/** A time among others: the time of day, and the day if there are several. */
export function timeAmong(at: number, first: number, last: number): string {
  const when = new Date(at);
  const isOneDay = isSameDay(new Date(first), new Date(last));
  return isOneDay ? when.toLocaleTimeString(language) : when.toLocaleString(language);
}

/** A time since a beginning, as `s` seconds or as `m:ss`. @param ms milliseconds */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return t('seconds', { count: seconds });
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
}

let localizedAt: Date | undefined;

/** A machine that was suspended at midnight resumes late: showing the page checks the day, too. */
function scheduleMidnight(): void {
  if (localizedAt) return;
  localizedAt = new Date();
  const update = () => {
    const now = new Date();
    if (localizedAt && isSameDay(localizedAt, now)) return;
    localizedAt = now;
    for (const time of document.querySelectorAll<HTMLTimeElement>(`time[${LOCALIZED}]`))
      localizeTime(time);
  };
  const schedule = () => {
    const now = new Date();
    const next = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    setTimeout(() => {
      update();
      schedule();
    }, next.getTime() - now.getTime());
  };
  document.addEventListener('visibilitychange', update);
  schedule();
}
