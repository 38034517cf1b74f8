import { test } from 'node:test';
import { Firefox } from '../support/browsers/firefox.ts';
import { openApp } from '../support/server.ts';
import { commonSet } from './common-set.ts';
import { Place, postMessage, waitForMessage } from './setup.ts';

await commonSet('Firefox', () => Firefox.start());

test('In Firefox that blocks all cookies the page chats, and says what does not work', async (t) => {
  const { url } = await openApp(t);
  const firefox = await Firefox.start({ 'network.cookie.cookieBehavior': 2 });
  t.after(() => firefox.close());
  const page = await new Place(firefox, url, 'lobby').open();
  await page.waitForVisible('#no-storage');
  await postMessage(page, 'hello');
  await waitForMessage(page, 'hello');
});
