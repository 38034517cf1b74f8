import assert from 'node:assert/strict';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { SilentProxy } from '../../support/silent-proxy.ts';
import { type Case, isLive, messagesOn, postMessage, waitForMessage } from '../setup.ts';

export const outage: Readonly<Record<string, Case>> = {
  'A server that ended and is back is found again, with nothing missed and nothing twice': async (
    place,
    t,
  ) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data });
    const { port } = first;
    const page = await place.at(first.url).open();
    await postMessage(page, 'before');
    await waitForMessage(page, 'before');
    await first.close();
    await page.waitForVisible('#state[data-state=connecting]');
    await postMessage(page, 'meanwhile');
    await page.waitForVisible('.message.pending');
    await page.fill('#message', 'half a sent');

    await openApp(t, { data, port });
    await isLive(page);
    await waitForMessage(page, 'meanwhile');
    assert.deepEqual(await messagesOn(page), ['before', 'meanwhile']);
    assert.equal((await page.texts('.message.own')).length, 2, 'it is the same guest');
    assert.equal(await page.value('#message'), 'half a sent');
  },

  'A message posted while the network is silent arrives once when it is back': async (place, t) => {
    const proxy = await SilentProxy.open(t, place.port);
    const [page, other] = [await place.at(proxy.url).open(), await place.open()];
    await postMessage(page, 'before');
    await waitForMessage(other, 'before');
    proxy.fallSilent();
    await postMessage(page, 'meanwhile');
    await page.waitForVisible('#state[data-state=connecting]');
    await postMessage(other, 'missed');
    await waitForMessage(other, 'missed');
    proxy.restore('lost');
    await page.evaluate(() => document.querySelector<HTMLElement>('#connect')?.click());
    await isLive(page);
    for (const tab of [page, other]) await waitForMessage(tab, 'meanwhile');
    assert.deepEqual(await messagesOn(page), ['before', 'missed', 'meanwhile']);
    assert.deepEqual(await messagesOn(other), ['before', 'missed', 'meanwhile']);
  },
};
