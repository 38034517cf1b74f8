import assert from 'node:assert/strict';
import { type Case, postMessage, waitForMessage } from '../setup.ts';

export const search: Readonly<Record<string, Case>> = {
  'A search leads to the message': async (place) => {
    const page = await place.open();
    await postMessage(page, 'a needle');
    await postMessage(page, 'some hay');
    await waitForMessage(page, 'some hay');
    await page.click('#find');
    await page.waitForVisible('#q');
    await page.fill('#q', 'needle');
    await page.press('Enter');
    await page.waitForVisible('.found mark');
    assert.deepEqual(await page.texts('.found .excerpt'), ['a needle']);
    await page.click('.found a');
    await page.waitForVisible('.message.marked');
    assert.deepEqual(await page.texts('.message.marked > .body'), ['a needle']);
  },
};
