import assert from 'node:assert/strict';
import { type Case, heard, hears, say } from '../setup.ts';

export const chat: Readonly<Record<string, Case>> = {
  'Two tabs chat at once, each as a visitor of its own': async (place) => {
    const [one, two] = [await place.open(), await place.open()];
    await say(one, 'hello from one');
    await hears(two, 'hello from one');
    await say(two, 'hello from two');
    for (const page of [one, two]) {
      await hears(page, 'hello from two');
      assert.deepEqual(await heard(page), ['hello from one', 'hello from two']);
    }
    assert.deepEqual(await one.texts('.message.own > .body'), ['hello from one']);
    assert.deepEqual(await two.texts('.message.own > .body'), ['hello from two']);
  },

  'Enter sends, and Shift+Enter breaks the line': async (place) => {
    const page = await place.open();
    await page.click('#message');
    await page.type('one');
    await page.press('Shift+Enter');
    await page.type('two');
    assert.equal(await page.value('#message'), 'one\ntwo');
    await page.press('Enter');
    await page.waitForVisible('.message:not(.pending)');
    const html = await page.evaluate(() => document.querySelector('.message > .body')?.innerHTML);
    assert.equal(html, 'one<br>two');
    assert.equal(await page.value('#message'), '');
  },
};
