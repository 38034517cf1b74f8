import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, waitForState } from '../support/browser.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';
import { createGuest } from '../support/test-user.ts';

/** The sum of the layout shifts (W3C, Layout Instability): what a user would notice is 0.1. */
const MAX_SHIFT = 0.02;

interface Shift extends PerformanceEntry {
  readonly value: number;
}

test('Nothing on the page of a room moves while it loads: empty, at its end, at the first unread, a class.', async (t) => {
  const { url, port } = await openApp(t);
  const ada = await signedIn(url, 'Ada');
  await ada.post('/rooms', { title: 'lesson', kind: 'class' });
  const poll = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };
  await ada.post('/rooms/lesson/commands', poll);
  const guest = await createGuest(port);
  let id = 0;
  for (let n = 1; n <= 200; n += 1) {
    const posted = await guest.postMessage(
      'long',
      `${n}: words${' and more'.repeat((n * 7) % 40)}`,
    );
    if (n === 10) ({ id } = (await posted.json()).message);
  }
  const page = await openPage(t, 'about:blank');
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries() as Shift[])
        sessionStorage.shift = Number(sessionStorage.shift ?? 0) + value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [what, path, read] of [
    ['empty', '/rooms/empty', []],
    ['at its end', '/rooms/long', []],
    ['at the first unread', '/rooms/long', [['long', id]]],
    ['a class', '/rooms/lesson', []],
  ] as const) {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${url}/icon.svg`);
      await page.evaluate((seen) => {
        sessionStorage.removeItem('shift');
        sessionStorage.removeItem('typhoon.left.long');
        localStorage.setItem('typhoon.seen', JSON.stringify(seen));
      }, read);
      await page.goto(url + path);
      await waitForState(page, 'live');
      if (read.length > 0) await page.locator('#unread-bar').waitFor();
      await page.locator('#people-list .member').waitFor({ state: 'attached' });
      // Shifts are reported with the frame after them.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))),
      );
      const shift = Number(await page.evaluate(() => sessionStorage.shift ?? 0));
      assert.ok(shift < MAX_SHIFT, `${what}, ${width} px: ${shift}`);
    }
  }
});
