import assert from 'node:assert/strict';
import { type Case, isLive, messagesOn, postMessage, waitForMessage } from '../setup.ts';

const isInField = (text: string) =>
  document.querySelector<HTMLTextAreaElement>('#message')?.value === text;

export const edits: Readonly<Record<string, Case>> = {
  'An edit of the last message shows in the other tab': async (place) => {
    const [page, other] = [await place.open(), await place.open()];
    await postMessage(page, 'helo');
    await waitForMessage(page, 'helo');
    await page.press('ArrowUp');
    await page.until(isInField, 'helo');
    await postMessage(page, 'hello');
    for (const tab of [page, other]) await waitForMessage(tab, 'hello');
    await other.waitForVisible('.message .edited');
    assert.deepEqual(await messagesOn(page), ['hello']);
  },

  'A reload in the middle of an edit leaves the draft and the message as they were': async (
    place,
  ) => {
    const page = await place.open();
    await postMessage(page, 'said');
    await waitForMessage(page, 'said');
    await page.fill('#message', 'a draft');
    await page.evaluate(() => document.querySelector<HTMLElement>('.message')?.focus());
    await page.press('Enter');
    await page.click('#message-menu [value=edit]');
    await page.until(isInField, 'said');
    await page.type(' otherwise');
    await page.reload();
    await isLive(page);
    assert.equal(await page.value('#message'), 'a draft');
    await page.click('#message');
    await page.press('Enter');
    await waitForMessage(page, 'a draft');
    assert.deepEqual(await messagesOn(page), ['said', 'a draft']);
  },

  'After a reload each control shows what is in effect': async (place) => {
    const page = await place.open();
    await page.select('#transport', 'polling');
    await page.select('#person-menu [name=minutes]', '1440');
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('#person-menu [name=address]')?.click();
    });
    await isLive(page, 'polling');
    await page.reload();
    await isLive(page, 'websocket');
    assert.equal(await page.value('#transport'), '');
    assert.equal(await page.value('#person-menu [name=minutes]'), '10');
    const isTicked = () =>
      document.querySelector<HTMLInputElement>('#person-menu [name=address]')?.checked;
    assert.equal(await page.evaluate(isTicked), false);
  },

  'After a reload the settings and the search show what is in effect': async (place) => {
    const page = await place.open();
    await page.goto(new URL('/sign-in', place.url).href);
    await page.fill('[name=name]', 'Ada');
    await page.press('Enter');
    await page.waitForVisible('#me[data-uid]');
    await page.goto(new URL('/rooms', place.url).href);
    const room = `${place.room}-settings`;
    await page.fill('#new-title', room);
    await page.press('Enter');
    await page.waitForVisible('#message');
    await page.goto(new URL(`/rooms/${room}/settings`, place.url).href);
    await page.fill('[name=topic]', 'never set');
    await page.fill('[name=seconds]', '77');
    await page.select('[name=minutes]', '1440');
    await page.reload();
    assert.equal(await page.value('[name=topic]'), '');
    assert.equal(await page.value('[name=seconds]'), '0');
    await page.goto(new URL(`/rooms/${room}/search?q=found`, place.url).href);
    await page.fill('#q', 'never searched');
    await page.reload();
    assert.equal(await page.value('#q'), 'found');
  },
};
