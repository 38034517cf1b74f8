import assert from 'node:assert/strict';
import { type Case, messagesOn, postMessage, waitForMessage } from '../setup.ts';

export const chat: Readonly<Record<string, Case>> = {
  'Two tabs chat at once, each as its own guest': async (place) => {
    const [one, two] = [await place.open(), await place.open()];
    await postMessage(one, 'hello from one');
    await waitForMessage(two, 'hello from one');
    await postMessage(two, 'hello from two');
    for (const page of [one, two]) {
      await waitForMessage(page, 'hello from two');
      assert.deepEqual(await messagesOn(page), ['hello from one', 'hello from two']);
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
