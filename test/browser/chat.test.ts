import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { queryObjects } from 'node:v8';
import { ChatHandler } from '../../server/transports/chat-handler.ts';
import {
  closeConnection,
  openPage,
  pendingMessages,
  post,
  receivedMessages,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { openApp } from '../support/server.ts';
import { waitWhile } from '../support/wait-while.ts';

suite('Two tabs', () => {
  test('chat at once, each as its own guest', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await post(one, 'hello from one');
    await waitForMessage(two, 'hello from one');
    await post(two, 'hello from two');
    await Promise.all([
      waitForMessage(one, 'hello from two'),
      waitForMessage(two, 'hello from two'),
    ]);
    assert.deepEqual(await receivedMessages(one), ['hello from one', 'hello from two']);
    assert.deepEqual(await receivedMessages(two), ['hello from one', 'hello from two']);

    const own = (page: typeof one) =>
      page.locator('.message.own:not(.pending) > .body').allTextContents();
    assert.deepEqual(await own(one), ['hello from one']);
    assert.deepEqual(await own(two), ['hello from two']);
    const names = await one.locator('.message .who').allTextContents();
    assert.equal(new Set(names).size, 2);
  });

  test('of one browser are two guests as well', async (t) => {
    const { url } = await openApp(t);
    const one = await openPage(t, url);
    await post(one, 'one');
    await waitForMessage(one, 'one');
    const two = await one.context().newPage();
    await two.goto(url);
    await waitForState(two, 'live');
    assert.equal(await two.locator('.message.own').count(), 0);
  });
});

test('A duplicate of a tab is another guest, and the first stays the same', async (t) => {
  const { url } = await openApp(t);
  const one = await openPage(t, url);
  await waitForState(one, 'live');
  await post(one, 'one');
  await one.waitForSelector('.message.own:not(.pending)');
  const stored = await one.evaluate(() => ({ ...sessionStorage }));
  const copy = await one.context().newPage();
  await copy.addInitScript((items) => {
    for (const [key, value] of Object.entries(items)) sessionStorage.setItem(key, value);
  }, stored);
  await copy.goto(url);
  await waitForState(copy, 'live');
  assert.equal(await copy.locator('.message.own').count(), 0);
  await one.reload();
  await waitForState(one, 'live');
  assert.equal(await one.locator('.message.own').count(), 1);
});

suite('The composer', () => {
  test('sends with Enter, breaks the line with Shift+Enter, and sends nothing empty', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await page.press('#message', 'Enter');
    await page.type('#message', 'one');
    await page.press('#message', 'Shift+Enter');
    await page.type('#message', 'two');
    await page.press('#message', 'Enter');
    await page.waitForSelector('.message:not(.pending)');
    assert.equal(await page.locator('.message > .body').innerHTML(), 'one<br>two');
    assert.equal(await page.inputValue('#message'), '');
    assert.equal(await page.locator('.message').count(), 1);
  });

  test('does not send while a character is being composed', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await page.fill('#message', 'ni');
    // The second is Safari's, which ends the composition before it tells of the key.
    for (const key of [{ isComposing: true }, { keyCode: 229 }]) {
      await page.locator('#message').dispatchEvent('keydown', { key: 'Enter', ...key });
      assert.equal(await page.inputValue('#message'), 'ni');
    }
    await page.click('#send');
    await waitForMessage(page, 'ni');
  });

  test('breaks the line with Enter on a touch screen, and says so; the button sends', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, { hasTouch: true, isMobile: true });
    await waitForState(page, 'live');
    const field = page.locator('#message');
    assert.equal(await field.getAttribute('enterkeyhint'), 'enter');
    await page.locator('#keys', { hasText: 'Enter for a new line' }).waitFor();
    await field.pressSequentially('one\ntwo');
    assert.equal(await page.inputValue('#message'), 'one\ntwo');
    await page.tap('#send');
    await waitForMessage(page, 'onetwo');
  });

  test('counts down near the end, and lets nothing through that is too long', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await page.fill('#message', 'x'.repeat(3_700));
    assert.equal(await page.textContent('#left'), '');
    await page.fill('#message', '🌀'.repeat(3_990));
    assert.equal(await page.textContent('#left'), '10 characters left');
    await page.fill('#message', 'x'.repeat(4_003));
    assert.equal(await page.textContent('#left'), '3 over the limit');
    await page.press('#message', 'Enter');
    assert.equal((await page.inputValue('#message')).length, 4_003);
    await page.fill('#message', 'x'.repeat(4_000));
    await page.press('#message', 'Enter');
    await waitForMessage(page, 'x'.repeat(4_000));
  });

  test('sends in order, and once, what was rate-limited', async (t) => {
    const { url } = await openApp(t, { rateLimits: true });
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    // Faster than a user: all of it in one turn of the page.
    await page.evaluate(() => {
      const field = document.querySelector<HTMLTextAreaElement>('#message');
      for (let n = 0; n < 25; n += 1) {
        if (field) field.value = `message ${n}`;
        field?.form?.requestSubmit();
      }
    });
    await waitForMessage(page, 'message 24');
    const all = Array.from({ length: 25 }, (_, n) => `message ${n}`);
    assert.deepEqual(await receivedMessages(page), all);
    assert.equal(await page.inputValue('#message'), '');
    assert.deepEqual(await pendingMessages(page), []);
  });
});

suite('The connection', () => {
  test('is closed by the button, and opened again by the other with the missed messages', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const other = await join(t, port, '/chat');
    other.post('before');
    await waitForMessage(page, 'before');

    await page.fill('#message', 'half a sent');
    await page.getByRole('button', { name: 'Close connection' }).click();
    await waitForState(page, 'closed');
    assert.equal(await page.textContent('#state'), 'Disconnected');
    // On the server, too: of two connections, one is left.
    await waitWhile(() => queryObjects(ChatHandler, { format: 'count' }) > 1);
    other.post('missed 1');
    other.post('missed 2');
    await other.waitForFrames(4);
    assert.equal(await page.inputValue('#message'), 'half a sent');
    assert.deepEqual(await receivedMessages(page), ['before']);

    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await waitForState(page, 'live');
    await waitForMessage(page, 'missed 2');
    assert.deepEqual(await receivedMessages(page), ['before', 'missed 1', 'missed 2']);
    assert.equal(await page.inputValue('#message'), 'half a sent');
    assert.equal(await page.textContent('#notices'), '');
  });

  test('is of the same guest after a reload of the tab', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await post(page, 'mine');
    await page.waitForSelector('.message.own:not(.pending)');
    for (let reloads = 0; reloads < 3; reloads += 1) {
      await page.reload();
      await waitForState(page, 'live');
      assert.equal(await page.locator('.message.own').count(), 1);
    }
  });
});

suite('A page written in 2018', () => {
  test('for the example of Tornado works unchanged', async (t) => {
    const old = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end(pageOf2018(port));
    }).listen(0, '127.0.0.1');
    t.after(() => old.close());
    await once(old, 'listening');
    const origin = `http://127.0.0.1:${(old.address() as AddressInfo).port}`;
    const { port } = await openApp(t, { origins: new Set([origin]) });
    const other = await join(t, port, '/chat');
    other.post('said before');
    await other.waitForFrames(2);

    const page = await openPage(t, origin);
    const inbox = page.locator('#inbox');
    await inbox.getByText('said before').waitFor();
    await page.fill('#message', 'hello <b>from 2018</b>');
    await page.click('#send');
    await inbox.getByText('hello <b>from 2018</b>').waitFor();
    other.post('and on');
    await inbox.getByText('and on').waitFor();
    assert.equal(await inbox.locator('article').count(), 3);
    assert.equal(await inbox.locator('b', { hasText: 'from 2018' }).count(), 0);
    await closeConnection(page);
    await page.waitForFunction(() => document.title === 'closed');
  });
});

/** As the articles of the time have it: the first frame is the uid, the rest is appended. */
const pageOf2018 = (port: number) => `<!DOCTYPE html>
<html><body>
<div id="inbox"></div>
<input id="message"><button id="send">提交</button><button id="close">关闭连接</button>
<script>
  var uid = null;
  var ws = new WebSocket('ws://127.0.0.1:${port}/chat');
  ws.onmessage = function (event) {
    if (uid === null) { uid = event.data; return; }
    document.getElementById('inbox').insertAdjacentHTML('beforeend', event.data);
  };
  document.getElementById('send').onclick = function () {
    ws.send(JSON.stringify({ uid, message: document.getElementById('message').value }));
  };
  document.getElementById('close').onclick = function () {
    ws.onclose = function () { document.title = 'closed'; };
    ws.close();
  };
</script>
</body></html>`;
