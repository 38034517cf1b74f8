import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { documentWithTexts } from '../support/page-texts.ts';

/** Elements of a page, as far as they have times. */
class Time {
  textContent = '';
  title = '';
  readonly dateTime: string;
  constructor(at: Date) {
    this.dateTime = at.toISOString();
  }
  setAttribute(): void {}
  matches(): boolean {
    return false;
  }
}

const shown: Time[] = [];
const page = Object.assign(new EventTarget(), {
  ...documentWithTexts,
  querySelectorAll: () => shown,
});
Object.assign(globalThis, { document: page });
const { timeText, timeAmong, localizeTime } = await import('../../static/client/lib/clock.ts');

const at = (day: number, hour = 9, year = 2026) => new Date(year, 10, day, hour, 30);

suite('The time of a message', () => {
  before(() => Object.assign(globalThis, { document: page }));

  test('is shown with the day and the year where they differ', () => {
    const now = at(26, 0);
    assert.equal(timeText(at(26), now), '09:30 AM');
    assert.equal(timeText(at(25, 23), now), 'Nov 25, 11:30 PM');
    assert.equal(timeText(at(26, 9, 2025), now), 'Nov 26, 2025, 09:30 AM');
    assert.equal(timeText(at(27), now), 'Nov 27, 09:30 AM');
  });

  test('is updated at midnight, and when a page is shown that was suspended then', (t) => {
    t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: at(25, 23) });
    const time = new Time(at(25, 23));
    shown.push(time);
    localizeTime(time as unknown as HTMLTimeElement);
    assert.equal(time.textContent, '11:30 PM');
    t.mock.timers.tick(29 * 60_000);
    assert.equal(time.textContent, '11:30 PM');
    t.mock.timers.tick(60_000);
    assert.equal(time.textContent, 'Nov 25, 11:30 PM');
    const next = new Time(at(26, 1));
    shown.push(next);
    t.mock.timers.setTime(at(26, 1).getTime());
    localizeTime(next as unknown as HTMLTimeElement);
    assert.equal(next.textContent, '01:30 AM');
    t.mock.timers.setTime(at(28).getTime());
    page.dispatchEvent(new Event('visibilitychange'));
    assert.equal(next.textContent, 'Nov 26, 01:30 AM');
  });

  test('in a vote history has the day where there are several', () => {
    const [first, last] = [at(25).getTime(), at(26).getTime()];
    assert.match(timeAmong(first, first, last), /11\/25\/2026/);
    assert.doesNotMatch(timeAmong(first, first, first + 1_000), /2026/);
  });
});
