import assert from 'node:assert/strict';
import { type Case, say } from '../place.ts';

const counted = () => document.querySelector('.results[data-total="1"]') !== null;

export const votes: Readonly<Record<string, Case>> = {
  'A vote shows in the other tab': async (place) => {
    const [page, other] = [await place.open(), await place.open()];
    await say(page, '/poll "Tea?" yes | no');
    await other.sees('.poll .option');
    await other.click('.poll .option');
    for (const tab of [page, other]) await tab.until(counted);
    const pressed = (tab: typeof page) =>
      tab.evaluate(() => document.querySelector('.poll .option')?.getAttribute('aria-pressed'));
    await other.until(() => document.querySelector('.poll .option[aria-pressed=true]') !== null);
    assert.equal(await pressed(page), 'false');
  },
};
