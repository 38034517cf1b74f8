import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  closeConnection,
  enterPassword,
  openPage,
  pendingMessages,
  post,
  receivedMessages,
  setTransport,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';
import { signedIn, type TestBrowser } from '../support/test-browser.ts';

const WORD = 'open sesame';
const FORM = 'form[action="/rooms/class/password"]';

/** A room of Ann's, and somebody else's page of it. */
async function openRoom(t: TestContext): Promise<{ ann: TestBrowser; page: Page; url: string }> {
  const { url } = await openApp(t);
  const ann = await signedIn(url, 'Ann');
  assert.equal((await ann.post('/rooms', { name: 'class' })).status, 201);
  const page = await openPage(t, `${url}/rooms/class`);
  await waitForState(page, 'live');
  return { ann, page, url };
}

function setPassword(ann: TestBrowser): Promise<Response> {
  return ann.post('/rooms/class/commands', { type: 'set-password', password: WORD });
}

suite('A page whose room gets a password', () => {
  for (const way of ['websocket', 'sse', 'long-polling', 'polling']) {
    test(`shows the form for it, and then continues where it was: over ${way}`, async (t) => {
      const { ann, page } = await openRoom(t);
      await setTransport(page, way);
      await page.waitForSelector(`#state[data-transport=${way}]`);
      await post(page, 'before');
      await waitForMessage(page, 'before');
      await page.fill('#message', 'half a thought');
      await setPassword(ann);
      await page.waitForSelector(FORM);
      await enterPassword(page, WORD);
      await waitForState(page, 'live');
      assert.equal(new URL(page.url()).pathname, '/rooms/class');
      assert.deepEqual(await receivedMessages(page), ['before']);
      assert.equal(await page.inputValue('#message'), 'half a thought');
    });
  }

  test('sends pending messages when the password is given, once', async (t) => {
    const { ann, page } = await openRoom(t);
    await closeConnection(page);
    await post(page, 'waits');
    assert.deepEqual(await pendingMessages(page), ['waits']);
    await setPassword(ann);
    await page.click('#connect');
    await page.waitForSelector(FORM);
    await enterPassword(page, WORD);
    await waitForMessage(page, 'waits');
    assert.deepEqual(await receivedMessages(page), ['waits']);
  });

  test('links to the form where files would be lost by leaving', async (t) => {
    const { ann, page } = await openRoom(t);
    await page.setInputFiles('#files', {
      name: 'a.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    });
    await page.waitForSelector('#attached li');
    await setPassword(ann);
    await waitForState(page, 'closed');
    const notice = page.locator('#notices .notice');
    assert.match((await notice.textContent()) ?? '', /needs a password/);
    assert.equal(await page.locator('#attached li').count(), 1);
    await notice.getByRole('link').click();
    await page.waitForSelector(FORM);
  });

  test('shows it on the projector, too', async (t) => {
    const { ann, page, url } = await openRoom(t);
    await page.goto(`${url}/rooms/class/present`);
    await page.waitForFunction(() => document.querySelector<HTMLElement>('#state')?.hidden);
    await setPassword(ann);
    await page.waitForSelector(FORM);
    await enterPassword(page, WORD);
    assert.equal(new URL(page.url()).pathname, '/rooms/class/present');
  });
});

test('A page whose server starts with another serverPassword shows the form for it', async (t) => {
  const data = temporaryFolder(t);
  const first = spawnServer(t, ['--port', '0', '--data', data]);
  const port = await first.listening();
  const page = await openPage(t, `http://127.0.0.1:${port}/rooms/class`);
  await waitForState(page, 'live');
  await first.end('SIGTERM');
  const again = spawnServer(t, ['--port', `${port}`, '--data', data, '--server-password', WORD]);
  await again.listening();
  await page.waitForSelector('form[action="/password"]');
  await enterPassword(page, WORD);
  await waitForState(page, 'live');
  assert.equal(new URL(page.url()).pathname, '/rooms/class');
});
