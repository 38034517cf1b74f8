import assert from 'node:assert/strict';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { type Case, heard, hears, isLive, say } from '../place.ts';

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
    await page.sees('#state[data-state=connecting]');
    await say(page, 'meanwhile');
    await page.sees('.message.pending');
    await page.fill('#message', 'half a sent');

    await openApp(t, { data, port });
    await isLive(page);
    await hears(page, 'meanwhile');
    assert.deepEqual(await heard(page), ['before', 'meanwhile']);
    assert.equal((await page.texts('.message.own')).length, 2, 'it is the same visitor');
    assert.equal(await page.value('#message'), 'half a sent');
  },
};
