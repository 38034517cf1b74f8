import assert from 'node:assert/strict';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { SilentProxy } from '../../support/silent-proxy.ts';
import { type Case, heard, hears, isLive, say } from '../setup.ts';

export const outage: Readonly<Record<string, Case>> = {
  'A server that ended and is back is found again, nothing missed and nothing twice': async (
    place,
    t,
  ) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data });
    const { port } = first;
    const page = await place.at(first.url).open();
    await say(page, 'before');
    await hears(page, 'before');
    await first.close();
    await page.waitForVisible('#state[data-state=connecting]');
    await say(page, 'meanwhile');
    await page.waitForVisible('.message.pending');
    await page.fill('#message', 'half a sent');

    await openApp(t, { data, port });
    await isLive(page);
    await hears(page, 'meanwhile');
    assert.deepEqual(await heard(page), ['before', 'meanwhile']);
    assert.equal((await page.texts('.message.own')).length, 2, 'it is the same visitor');
    assert.equal(await page.value('#message'), 'half a sent');
  },

  'What is said while the network has fallen silent arrives once when it is back': async (
    place,
    t,
  ) => {
    const proxy = await SilentProxy.open(t, place.port);
    const [page, other] = [await place.at(proxy.url).open(), await place.open()];
    await say(page, 'before');
    await hears(other, 'before');
    proxy.fallSilent();
    await say(page, 'meanwhile');
    await page.waitForVisible('#state[data-state=connecting]');
    await say(other, 'missed');
    proxy.restore('lost');
    await page.evaluate(() => document.querySelector<HTMLElement>('#connect')?.click());
    await isLive(page);
    for (const tab of [page, other]) await hears(tab, 'meanwhile');
    assert.deepEqual(await heard(page), ['before', 'missed', 'meanwhile']);
    assert.deepEqual(await heard(other), ['before', 'missed', 'meanwhile']);
  },
};
