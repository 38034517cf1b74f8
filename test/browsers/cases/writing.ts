import assert from 'node:assert/strict';
import { type Case, isLive, messagesOn, postMessage, waitForMessage } from '../setup.ts';

/** How high the field is that one writes in, in lines; and whether all of it is to be seen. */
const field = () => {
  const area = document.querySelector<HTMLTextAreaElement>('#message');
  if (!area) return { lines: 0, isWhole: false, part: 0 };
  const line = Number.parseFloat(getComputedStyle(area).lineHeight);
  const { clientHeight, scrollHeight } = area;
  return {
    lines: Math.floor(clientHeight / line),
    isWhole: scrollHeight <= clientHeight,
    part: clientHeight / innerHeight,
  };
};

export const writing: Readonly<Record<string, Case>> = {
  'The Enter that ends a composition does not send': async (place) => {
    const page = await place.open();
    await page.fill('#message', 'ni');
    // Safari tells of the key when the composition has ended: only its code says whose it is.
    await page.evaluate(() => {
      const area = document.querySelector('#message');
      area?.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      area?.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
      const key = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
      area?.dispatchEvent(new KeyboardEvent('keydown', key));
    });
    assert.equal(await page.value('#message'), 'ni');
    await page.press('Enter');
    await waitForMessage(page, 'ni');
    assert.deepEqual(await messagesOn(page), ['ni']);
  },

  'The field grows with what is in it, and is small again when that is sent': async (place) => {
    const page = await place.open();
    const { lines } = await page.evaluate(field);
    assert.equal(lines, 1);
    await page.click('#message');
    for (const word of ['one', 'two', 'three', 'four']) {
      await page.type(word);
      await page.press('Shift+Enter');
    }
    const grown = await page.evaluate(field);
    assert.deepEqual([grown.lines, grown.isWhole], [5, true]);
    await page.reload();
    await isLive(page);
    assert.equal((await page.evaluate(field)).lines, 5, 'a draft is seen whole');
    await page.click('#message');
    for (let more = 0; more < 30; more += 1) await page.press('Shift+Enter');
    assert.ok((await page.evaluate(field)).part < 0.45, 'it leaves room for the messages');
    await page.press('Enter');
    await page.waitForVisible('.message:not(.pending)');
    assert.equal((await page.evaluate(field)).lines, 1);
  },

  'Emoji that complete what is written are listed one below the other, and leave nothing behind':
    async (place) => {
      const page = await place.open();
      await page.click('#message');
      await page.type(':smi');
      await page.waitForVisible('#completions [role=option]');
      const places = await page.evaluate(() => {
        const list = document.querySelector('#completions');
        return [...(list?.children ?? [])].map((option) => {
          const { left, width } = option.getBoundingClientRect();
          return { left, isWide: width > (list?.clientWidth ?? 0) * 0.9 };
        });
      });
      assert.ok(places.length > 2);
      assert.ok(places.every(({ left, isWide }) => isWide && left === places[0]?.left));
      await page.press('Enter');
      await page.until(
        () => !document.querySelector('#completions')?.getBoundingClientRect().height || undefined,
      );
      await page.press('Enter');
      await page.waitForVisible('.message:not(.pending)');
    },

  'Times are shown in the zone of the reader, on the projector too': async (place) => {
    const page = await place.open();
    await postMessage(page, 'now');
    await waitForMessage(page, 'now');
    await postMessage(page, '/poll "Tea?" yes | no');
    await page.waitForVisible('.poll');
    const projector = await place.openProjector();
    for (const [tab, what] of [
      [page, '.message .at time'],
      [projector, '#latest .at time'],
    ] as const) {
      await tab.until((selector) => {
        const time = document.querySelector<HTMLTimeElement>(selector);
        if (!time) return false;
        const hour = new Date(time.dateTime).getUTCHours();
        const here = (hour + 8) % 24;
        const [, shown] = /(\d+):\d\d/.exec(time.textContent) ?? [];
        return Number(shown) % 12 === here % 12;
      }, what);
    }
  },
};
