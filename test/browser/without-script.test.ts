import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fillPoll, openNewPoll, openPage, startPoll } from '../support/browser.ts';
import { openApp } from '../support/server.ts';

suite('Without JavaScript, the page of a room', () => {
  for (const [locale, ofKeys] of [
    ['en-US', /\b(Enter|Shift|Esc)\b/],
    ['zh-CN', /回车|Shift|Esc/],
  ] as const) {
    test(`does not mention keys, and shows only what works: ${locale}`, async (t) => {
      const { url } = await openApp(t);
      const page = await openPage(t, url, { locale, javaScriptEnabled: false });
      await page.locator('#send').waitFor();
      const visible = async (selector: string) => {
        const all = await page.locator(selector).all();
        const shown = await Promise.all(all.map((one) => one.isVisible()));
        return all.filter((_, index) => shown[index]);
      };
      assert.doesNotMatch(await page.locator('body').innerText(), ofKeys);
      // What a menu has is there without a script, except what needs one.
      await page.click('#room-menu summary');
      assert.ok(await page.locator('#room-menu .new-poll').isVisible());
      const buttons = await visible('button');
      assert.deepEqual(await Promise.all(buttons.map((button) => button.getAttribute('id'))), [
        'send',
      ]);
      const fields = await visible('input, select, textarea');
      assert.deepEqual(await Promise.all(fields.map((field) => field.getAttribute('name'))), [
        'files',
        'message',
      ]);
      for (const link of await visible('a')) assert.ok(await link.getAttribute('href'));

      // Enter breaks the line, and the button sends.
      await page.fill('#message', 'one');
      await page.press('#message', 'End');
      await page.press('#message', 'Enter');
      await page.keyboard.type('two');
      assert.equal(await page.inputValue('#message'), 'one\ntwo');
      await page.click('#send');
      const body = page.frameLocator('iframe').locator('.message > .body');
      await body.filter({ hasText: 'one' }).waitFor();
      assert.equal(await body.innerText(), 'one\ntwo');

      await openNewPoll(page);
      await fillPoll(page, { question: 'Tea?', options: ['yes', 'no'] });
      await startPoll(page);
      await page.frameLocator('iframe').locator('.poll button[value="1"]').click();
      await page
        .frameLocator('iframe')
        .locator('.poll [data-option="1"][data-count="1"]')
        .waitFor();
    });
  }
});
