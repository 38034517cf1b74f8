import assert from 'node:assert/strict';
import { type Case, heard, hears, say } from '../place.ts';

export const edits: Readonly<Record<string, Case>> = {
  'An edit of the last message shows in the other tab': async (place) => {
    const [page, other] = [await place.open(), await place.open()];
    await say(page, 'helo');
    await hears(page, 'helo');
    await page.press('ArrowUp');
    await page.until(
      () => document.querySelector<HTMLTextAreaElement>('#message')?.value === 'helo',
    );
    await say(page, 'hello');
    await hears(other, 'hello');
    await other.sees('.message .edited');
    assert.deepEqual(await heard(page), ['hello']);
  },
};
