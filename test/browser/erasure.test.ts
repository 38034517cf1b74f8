import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  openPage,
  post,
  receivedMessages,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

suite('The page of what is stored about a user', () => {
  test('erases what the guest of a tab wrote, from pages that are open, too.', async (t) => {
    const { url } = await openApp(t, {}, { erasureIntervalMs: 20 });
    const viewport = { width: 320, height: 640 };
    const page = await openPage(t, `${url}/rooms/class`, {
      locale: 'zh-CN',
      colorScheme: 'dark',
      viewport,
    });
    const other = await openPage(t, `${url}/rooms/class`);
    for (const one of [page, other]) await waitForState(one, 'live');
    await post(page, 'zqtext');
    // On both: what is pending would be sent again by another guest.
    for (const one of [page, other]) await waitForMessage(one, 'zqtext');
    await page.goto(`${url}/settings/data`);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
    const token = await page.inputValue('form[action$=erase] [name=guest]');
    assert.notEqual(token, '');
    await page.click('form[action$=erase] [type=submit]');
    await page.waitForURL('**/settings/data?done');
    assert.match(await page.innerText('main'), /你的数据已清除/);
    await page.waitForFunction(() => sessionStorage.getItem('typhoon.token') === null);
    await other.waitForFunction(
      () => !document.querySelector('main')?.innerText.includes('zqtext'),
    );
    assert.deepEqual(
      await receivedMessages(other).then((all) => all.filter((text) => /zqtext/.test(text))),
      [],
    );
    await page.goto(`${url}/rooms/class`);
    await waitForState(page, 'live');
    await post(page, 'somebody else');
    await waitForMessage(other, 'somebody else');
  });
});
