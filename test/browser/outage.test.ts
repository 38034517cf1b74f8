import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freePort } from '../../scripts/free-ports.ts';
import {
  openPage,
  post,
  receivedMessages,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';

suite('A server that dies under an open tab', () => {
  test('is reconnected to, with nothing missed, nothing twice, and the text still in the field', async (t) => {
    const data = temporaryFolder(t);
    const port = await freePort();
    const args = ['--port', `${port}`, '--data', data, '--limits', 'off'];
    const first = spawnServer(t, args);
    await first.listening();
    const page = await openPage(t, `http://127.0.0.1:${port}/`);
    await waitForState(page, 'live');
    await post(page, 'before');
    await waitForMessage(page, 'before');
    await page.fill('#message', 'half a sent');
    await first.end('SIGKILL');
    await waitForState(page, 'connecting');
    assert.equal(await page.textContent('#state'), 'Connecting…');

    const second = spawnServer(t, args);
    await second.listening();
    const other = await join(t, port, '/chat');
    other.post('while you were away');
    await waitForState(page, 'live');
    await waitForMessage(page, 'while you were away');
    assert.deepEqual(await receivedMessages(page), ['before', 'while you were away']);
    assert.equal(await page.inputValue('#message'), 'half a sent');
    assert.equal(await page.locator('.message.own').count(), 1, 'it is the same guest');
    await page.press('#message', 'Enter');
    await waitForMessage(page, 'half a sent');
  });

  test('receives a message in flight again, and has it once', async (t) => {
    const data = temporaryFolder(t);
    const port = await freePort();
    const args = ['--port', `${port}`, '--data', data, '--limits', 'off'];
    const first = spawnServer(t, args);
    await first.listening();
    const page = await openPage(t, `http://127.0.0.1:${port}/`);
    await waitForState(page, 'live');
    // Stopped, it takes what is sent and does nothing with it; killed, that is lost.
    first.child.kill('SIGSTOP');
    await post(page, 'on its way 1');
    await post(page, 'on its way 2');
    assert.equal(await page.inputValue('#message'), '');
    await first.end('SIGKILL');
    await spawnServer(t, args).listening();
    await waitForMessage(page, 'on its way 2');
    assert.deepEqual(await receivedMessages(page), ['on its way 1', 'on its way 2']);
  });

  test('and restarts without its history: the page shows what there is, and no more', async (t) => {
    const port = await freePort();
    const first = await openApp(t, { port });
    const page = await openPage(t, first.url);
    await waitForState(page, 'live');
    await post(page, 'in memory only');
    await waitForMessage(page, 'in memory only');
    await first.close();
    await waitForState(page, 'connecting');
    await openApp(t, { port });
    await waitForState(page, 'live');
    assert.deepEqual(await receivedMessages(page), []);
    await page.locator('#empty').waitFor();
    await post(page, 'a new beginning');
    await waitForMessage(page, 'a new beginning');
  });
});

suite('A lost connection is opened again at once', () => {
  for (const [what, event] of [
    ['the browser says that it is online', () => void dispatchEvent(new Event('online'))],
    ['the tab is shown', () => void document.dispatchEvent(new Event('visibilitychange'))],
    ['one presses the button', () => void document.querySelector<HTMLElement>('#connect')?.click()],
  ] as const) {
    test(`when ${what}`, async (t) => {
      const port = await freePort();
      const first = await openApp(t, { port });
      const page = await openPage(t, first.url);
      await waitForState(page, 'live');
      // From here on, no timer of the page's runs: what it does, it does because of the event.
      await page.clock.install();
      await page.clock.pauseAt(Date.now() + 1_000);
      await page.evaluate(() => {
        window.requestAnimationFrame = (draw) => {
          queueMicrotask(() => draw(0));
          return 0;
        };
      });
      await first.close();
      await waitForState(page, 'connecting');
      await openApp(t, { port });
      await page.evaluate(event);
      await waitForState(page, 'live');
    });
  }
});

test('A connection without data for too long is replaced by another', async (t) => {
  const port = await freePort();
  const server = spawnServer(t, ['--port', `${port}`, '--data', ':memory:']);
  await server.listening();
  const page = await openPage(t, `http://127.0.0.1:${port}/`);
  await page.clock.install();
  await page.reload();
  await waitForState(page, 'live');
  server.child.kill('SIGSTOP');
  await page.clock.runFor(60_000);
  await waitForState(page, 'connecting');
  server.child.kill('SIGCONT');
  await page.clock.resume();
  await waitForState(page, 'live');
});
