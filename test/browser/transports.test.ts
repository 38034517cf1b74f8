import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  openPage,
  post,
  receivedMessages,
  setHidden,
  setTransport,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { openNginx } from '../support/nginx.ts';
import { openProxy } from '../support/proxy.ts';
import { openApp } from '../support/server.ts';

const goes = (page: Page, way: string) => page.waitForSelector(`#state[data-transport=${way}]`);

/** A page whose browser lets it connect to these addresses only: by its own policy, for it obeys it. */
async function openBarred(t: TestContext, ...allowed: readonly string[]) {
  const app = await openApp(t);
  let url = '';
  url = await openProxy(t, app.port, {
    headers: (headers) => ({
      ...headers,
      'content-security-policy': String(headers['content-security-policy']).replace(
        /connect-src [^;]*/,
        `connect-src ${allowed.map((path) => url + path).join(' ')}`,
      ),
    }),
  });
  const page = await openPage(t, url, {}, { isBlocked: true });
  return { app, page };
}

suite('Where a transport is blocked, the page falls back to the next one', () => {
  for (const [what, way, allowed, badge] of [
    ['WebSocket', 'sse', [''], 'Connected (SSE)'],
    [
      'WebSocket and streams of events',
      'long-polling',
      ['/rooms/lobby/messages', '/guests'],
      'Connected (long polling)',
    ],
  ] as const) {
    test(`${what}: the page chats over ${way}`, async (t) => {
      const { app, page } = await openBarred(t, ...allowed);
      await goes(page, way);
      await becomes(() => page.textContent('#state'), badge);
      const other = await join(t, app.port, '/chat');
      other.post('hello');
      await waitForMessage(page, 'hello');
      for (const text of ['one', 'two', 'three']) await post(page, text);
      await waitForMessage(page, 'three');
      assert.deepEqual(await receivedMessages(page), ['hello', 'one', 'two', 'three']);
      assert.equal(await page.locator('.message.own').count(), 3);
      await page.reload();
      await goes(page, way);
      assert.equal(await page.locator('.message.own').count(), 3, 'it is the same guest');
    });
  }

  for (const upgrades of ['refuse', 'ignore'] as const) {
    test(`a proxy that ${upgrades}s upgrades: the page chats over SSE`, async (t) => {
      const { port } = await openApp(t);
      const page = await openPage(t, await openProxy(t, port, { upgrades }));
      await goes(page, 'sse');
      await post(page, 'hello');
      await waitForMessage(page, 'hello');
    });
  }

  test('all tabs together hold few requests, and the others poll', async (t) => {
    const { port } = await openApp(t);
    const url = await openProxy(t, port, { upgrades: 'refuse' });
    const first = await openPage(t, url);
    const pages = [first];
    for (let n = 1; n < 7; n += 1) {
      const page = await first.context().newPage();
      await page.goto(url);
      pages.push(page);
    }
    await Promise.all(pages.map((page) => waitForState(page, 'live')));
    const ways = await Promise.all(
      pages.map((page) => page.locator('#state').getAttribute('data-transport')),
    );
    assert.deepEqual(ways.toSorted(), [
      'polling',
      'polling',
      'polling',
      'polling',
      'sse',
      'sse',
      'sse',
    ]);
    await post(pages[6] ?? first, 'to all');
    await Promise.all(pages.map((page) => waitForMessage(page, 'to all')));
  });
});

test('A hidden page uses a worker’s timer, until it is shown again', async (t) => {
  const { url } = await openApp(t);
  const page = await openPage(t, url);
  await waitForState(page, 'live');
  assert.equal(page.workers().length, 0);
  const [worker] = await Promise.all([page.waitForEvent('worker'), setHidden(page, true)]);
  assert.match(worker.url(), /\/assets\/pulse-/);
  await Promise.all([worker.waitForEvent('close'), setHidden(page, false)]);
});

suite('Through nginx', () => {
  test('with its default settings, the page chats over SSE', async (t) => {
    const { port } = await openApp(t);
    const page = await openPage(t, await openNginx(t, port));
    await goes(page, 'sse');
    const other = await join(t, port, '/chat');
    other.post('through nginx');
    await waitForMessage(page, 'through nginx');
    await post(page, 'and back');
    await waitForMessage(page, 'and back');
  });

  test('that forwards upgrades, the page chats over WebSocket', async (t) => {
    const { port } = await openApp(t);
    const url = await openNginx(
      t,
      port,
      'proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;',
    );
    const page = await openPage(t, url);
    await goes(page, 'websocket');
    await post(page, 'hello');
    await waitForMessage(page, 'hello');
  });

  test('that cuts idle connections after a second, nothing is lost and nothing arrives twice', async (t) => {
    const { port } = await openApp(t);
    const page = await openPage(t, await openNginx(t, port, 'proxy_read_timeout 1s;'));
    const other = await join(t, port, '/chat');
    const posted: string[] = [];
    const postNext = async () => {
      posted.push(`${posted.length}`);
      other.post(posted.at(-1) ?? '');
      await waitForMessage(page, posted.at(-1) ?? '');
    };
    await waitForState(page, 'live');
    await postNext();
    for (const way of ['sse', 'long-polling', 'polling']) {
      await goes(page, way);
      await postNext();
    }
    await postNext();
    assert.deepEqual(await receivedMessages(page), posted);
  });
});

suite('The connection', () => {
  test('is upgraded again when the better transport works', async (t) => {
    const { port } = await openApp(t);
    const gate = { upgrades: 'refuse' as 'refuse' | 'forward' };
    const page = await openPage(t, await openProxy(t, port, gate));
    await goes(page, 'sse');
    gate.upgrades = 'forward';
    await page.evaluate(() => void dispatchEvent(new Event('online')));
    await goes(page, 'websocket');
    await post(page, 'from above');
    await waitForMessage(page, 'from above');
  });

  test('uses the selected transport, and the best again without a selection', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openPage(t, url);
    await goes(page, 'websocket');
    const other = await join(t, port, '/chat');
    const ways = ['polling', 'long-polling', 'sse', 'websocket'] as const;
    for (const way of ways) {
      await setTransport(page, way);
      await goes(page, way);
      other.post(`by ${way}`);
      await waitForMessage(page, `by ${way}`);
      await post(page, `mine by ${way}`);
      await waitForMessage(page, `mine by ${way}`);
    }
    await setTransport(page, 'polling');
    await goes(page, 'polling');
    await setTransport(page, '');
    await goes(page, 'websocket');
    assert.deepEqual(
      await receivedMessages(page),
      ways.flatMap((way) => [`by ${way}`, `mine by ${way}`]),
    );
    assert.equal(await page.locator('.message.own').count(), 4);
  });

  test('does not change the draft or the scroll position when it changes its transport', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openPage(t, url);
    await goes(page, 'websocket');
    const other = await join(t, port, '/chat');
    await page.fill('#message', 'half a sent');
    for (let n = 0; n < 40; n += 1) {
      await page.selectOption(
        '#transport',
        ['polling', 'long-polling', 'sse', 'websocket'][n % 4] ?? '',
        // It is in a dialog that is not open.
        { force: true },
      );
      other.post(`${n}`);
    }
    await waitForMessage(page, '39');
    assert.deepEqual(
      await receivedMessages(page),
      Array.from({ length: 40 }, (_, n) => `${n}`),
    );
    assert.equal(await page.inputValue('#message'), 'half a sent');
  });
});

suite('Without JavaScript', () => {
  test('the room can be read, posted in and scrolled, and keeps a draft', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/chat');
    for (let n = 1; n <= 120; n += 1) other.post(`message ${n}.`);
    await other.waitForFrames(121);
    const page = await openPage(t, url, { javaScriptEnabled: false });
    const frame = page.frameLocator('iframe');
    await frame.getByText('message 120.').waitFor();
    assert.ok(await frame.getByText('message 120.').isVisible());

    await page.fill('#message', 'half a sent');
    other.post('while one writes');
    await frame.getByText('while one writes').waitFor();
    assert.equal(await page.inputValue('#message'), 'half a sent');
    await page.press('#message', 'Tab');
    await page.keyboard.press('Enter');
    await frame.getByText('half a sent').waitFor();
    await becomes(() => page.inputValue('#message'), '');

    await page.fill('#message', 'x'.repeat(4_001));
    await page.click('#send');
    await page.getByText('The limit is 4,000').waitFor();
    assert.equal((await page.inputValue('#message')).length, 4_001);

    await frame.getByRole('link', { name: 'Older messages' }).click();
    await frame.getByText('message 1.').waitFor();
    await frame.getByRole('link', { name: 'Jump to latest' }).click();
    await frame.getByText('half a sent').waitFor();
  });
});
