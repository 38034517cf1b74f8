import { language } from './words.ts';

const sameDay = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const otherDay = new Intl.DateTimeFormat(language, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const whole = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });

/** Words all times of the server's in there. */
export function wordTimes(within: ParentNode): void {
  for (const time of within.querySelectorAll('time')) wordTime(time);
}

/** Words a time of the server's for the one who reads: in their zone and language. */
export function wordTime(time: HTMLTimeElement): void {
  const at = new Date(time.dateTime);
  const isToday = at.toDateString() === new Date().toDateString();
  time.textContent = (isToday ? sameDay : otherDay).format(at);
  time.title = whole.format(at);
}
