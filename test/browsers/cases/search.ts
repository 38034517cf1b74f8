import assert from 'node:assert/strict';
import { type Case, hears, say } from '../setup.ts';

export const search: Readonly<Record<string, Case>> = {
  'A search leads to the message': async (place) => {
    const page = await place.open();
    await say(page, 'a needle');
    await say(page, 'some hay');
    await hears(page, 'some hay');
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
