import assert from 'node:assert/strict';
import { openProxy } from '../../support/proxy.ts';
import { type Case, isLive, messagesOn, postMessage, waitForMessage } from '../setup.ts';

/** What a browser throws that is set to keep nothing, and what some browsers lack. */
const REFUSING = `
  const refuse = () => { throw new DOMException('Refused.', 'SecurityError'); };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'Notification']) {
    Object.defineProperty(window, name, { get: refuse });
  }
  window.BroadcastChannel = class { constructor() { refuse(); } };
  for (const name of ['locks', 'clipboard']) {
    Object.defineProperty(Navigator.prototype, name, { get: refuse });
  }
`;

export const storage: Readonly<Record<string, Case>> = {
  'Where the browser stores nothing, the page chats, and says what does not work': async (
    place,
    t,
  ) => {
    const refusing = place.at(await openProxy(t, place.port, { script: REFUSING }));
    const [page, other] = [await refusing.open(), await place.open()];
    await page.waitForVisible('#no-storage');
    await postMessage(page, 'hello');
    await waitForMessage(other, 'hello');
    await page.select('#transport', 'long-polling');
    await isLive(page, 'long-polling');
    await postMessage(other, 'hello to you');
    await waitForMessage(page, 'hello to you');
    await page.reload();
    await isLive(page);
    assert.deepEqual(await messagesOn(page), ['hello', 'hello to you']);
    assert.deepEqual(await other.texts('#no-storage[hidden] ~ #notices'), ['']);
  },
};
