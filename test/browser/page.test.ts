import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import {
  becomes,
  closeConnection,
  openPage,
  post,
  receivedMessages,
  togglePeople,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

/** Some messages of three visitors, two of them one after the other. */
async function talk(t: Parameters<typeof join>[0], port: number): Promise<void> {
  for (const [index, texts] of [
    ['Good morning!', 'Can you read this?'],
    ['可以，很清楚。'],
    ['Yes & "yes"'],
  ].entries()) {
    const client = await join(t, port, '/chat');
    for (const text of texts) client.post(text);
    await client.until((frames) =>
      frames.some((frame) => frame.includes(`${['this', '清楚', '&quot;yes'][index]}`)),
    );
  }
}

suite('The page', () => {
  // Words, colours and widths are looked at apart: two pages with each of them show all.
  for (const [locale, colorScheme, width] of [
    ['en-US', 'light', 1280],
    ['zh-CN', 'dark', 320],
    ['en-US', 'dark', 1280],
    ['zh-CN', 'light', 320],
  ] as const) {
    test(`has no finding of axe-core, and fits: ${locale}, ${colorScheme}, ${width} px`, async (t) => {
      const { url, port } = await openApp(t);
      const options: BrowserContextOptions = {
        locale,
        colorScheme,
        viewport: { width, height: 640 },
      };
      const page = await openPage(t, url, options);
      await waitForState(page, 'live');
      assert.deepEqual(await accessibilityViolations(page), [], 'empty');
      await talk(t, port);
      await post(page, 'mine');
      await page.waitForSelector('.message.own:not(.pending)');
      await page.fill('#message', 'x'.repeat(4_001));
      assert.deepEqual(await accessibilityViolations(page), [], 'with messages');
      if (width === 320) await togglePeople(page);
      await page.waitForSelector('#people-list .member.own');
      assert.deepEqual(await accessibilityViolations(page), [], 'with the side');
      assert.ok(await fits(page));
      if (width === 320) await togglePeople(page);
      await closeConnection(page);
      await page.press('#message', 'Enter');
      await post(page, 'waits');
      await page.waitForSelector('.pending .cancel-sending');
      assert.deepEqual(await accessibilityViolations(page), [], 'closed, with what waits');
      assert.ok(await fits(page));
      await page.goto(`${url}/rooms/our%20class`);
      assert.deepEqual(await accessibilityViolations(page), [], 'a page that helps');
      assert.ok(await fits(page));
    });
  }

  test('fits where the text is twice as large, and with unbreakable words', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openPage(t, url, { viewport: { width: 640, height: 640 } });
    await waitForState(page, 'live');
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    const client = await join(t, port, '/chat');
    client.post('W'.repeat(500));
    await waitForMessage(page, 'W'.repeat(500));
    assert.ok(await fits(page));
    assert.ok(await page.locator('#send').isVisible());
  });

  test('can be used with the keyboard alone', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const focused = () =>
      page.evaluate(() => document.activeElement?.id || document.activeElement?.className);
    const order: (string | undefined)[] = [];
    for (let tabs = 0; tabs < 21; tabs += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    assert.deepEqual(order, [
      'skip',
      'brand',
      '',
      'all-rooms',
      'me',
      'open-settings',
      'close',
      '',
      'find',
      'people-button',
      'button tool present',
      'tool',
      'tool',
      'message',
      'pick-emoji',
      'send',
      ...['', '', '', ''],
      'close-side',
    ]);

    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    await becomes(focused, 'message');
    await page.keyboard.type('typed');
    await page.keyboard.press('Enter');
    await waitForMessage(page, 'typed');
    const own = page.locator('#people-list .own');
    await own.waitFor();
    await page.locator('#close').focus();
    await page.keyboard.press('Space');
    await waitForState(page, 'closed');
    // The focus is where one goes on.
    await becomes(focused, 'connect');
    await own.getByText('Disconnected').waitFor();
    await page.keyboard.press('Space');
    await waitForState(page, 'live');
    await own.getByText('Disconnected').waitFor({ state: 'detached' });
  });

  test('is labelled for screen readers', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await page.getByRole('log', { name: 'Messages' }).waitFor();
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    await becomes(() => page.getByRole('status').first().textContent(), 'Connected');
    await closeConnection(page);
    await page.fill('#message', 'x');
    await page.press('#message', 'Enter');
    await page.waitForFunction(() =>
      /You're offline/.test(document.querySelector('[aria-live=polite]')?.textContent ?? ''),
    );
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
  });

  test('is in Chinese for a Chinese browser, and in English after a click', async (t) => {
    const { url, port } = await openApp(t);
    await talk(t, port);
    const page = await openPage(t, url, { locale: 'zh-CN' });
    await waitForState(page, 'live');
    await page.getByRole('button', { name: '发送' }).waitFor();
    await page.getByRole('button', { name: '关闭连接' }).click();
    await page.getByRole('button', { name: '创建连接' }).waitFor();
    assert.equal(await page.textContent('#state'), '已断开');
    assert.ok(await page.getByText('访客').first().isVisible());
    assert.ok(!(await page.getByText('guest').first().isVisible()));
    await page.getByRole('link', { name: 'English' }).click();
    await waitForState(page, 'live');
    await page.getByRole('button', { name: 'Close connection' }).waitFor();
    assert.ok(await page.getByText('guest').first().isVisible());
    assert.ok(!(await page.getByText('访客').first().isVisible()));
  });

  test('groups consecutive messages of a guest', async (t) => {
    const { url, port } = await openApp(t);
    await talk(t, port);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const continued = await page
      .locator('.message')
      .evaluateAll((all) => all.map((article) => article.classList.contains('continued')));
    assert.deepEqual(continued, [false, true, false, false]);
  });

  test('runs no script that users write', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const hostile = [
      '<img src=x onerror="document.title=1">',
      '</p></article><script>document.title=1</script>',
      '<svg/onload=document.title=1>',
      '"><a href="javascript:document.title=1">x</a>',
      '&lt;b&gt;',
    ];
    for (const text of hostile) {
      await post(page, text);
      await waitForMessage(page, text);
    }
    await page.reload();
    await waitForState(page, 'live');
    assert.deepEqual(await receivedMessages(page), hostile);
    assert.equal(await page.locator('.message > .body :is(img, script, svg, a)').count(), 0);
    assert.equal(await page.title(), 'lobby · Typhoon');
  });
});

suite('The history', () => {
  test('is loaded on scrolling up, with a stable position, to the beginning of the room', async (t) => {
    const { url, port } = await openApp(t);
    const client = await join(t, port, '/chat');
    const all = 290;
    for (let n = 1; n <= all; n += 1) client.post(`message ${n}`);
    await client.waitForFrames(all + 1);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await waitForMessage(page, `message ${all}`);
    assert.equal(await page.locator('.message').count(), 100);

    const edge = page.locator('#edge');
    for (
      let pages = 0;
      pages < 10 && !(await edge.textContent())?.includes('start of the room');
      pages += 1
    ) {
      const moved = await page.evaluate(async () => {
        const timeline = document.querySelector('#timeline') as HTMLElement;
        const first = document.querySelector('.message > .body') as HTMLElement;
        timeline.scrollTop = 1;
        const before = first.getBoundingClientRect().top;
        await new Promise<void>((resolve) => {
          new MutationObserver(() => resolve()).observe(
            document.querySelector('#messages') as Node,
            {
              childList: true,
            },
          );
        });
        await new Promise(requestAnimationFrame);
        return first.getBoundingClientRect().top - before;
      });
      assert.ok(Math.abs(moved) <= 1, `the place moved by ${moved} px`);
    }
    assert.deepEqual(
      await receivedMessages(page),
      Array.from({ length: all }, (_, n) => `message ${n + 1}`),
    );
    assert.equal(await edge.textContent(), 'This is the start of the room.');
  });

  test('is not left when a new message arrives', async (t) => {
    const { url, port } = await openApp(t);
    const client = await join(t, port, '/chat');
    for (let n = 1; n <= 90; n += 1) client.post(`message ${n}`);
    await client.waitForFrames(91);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const top = () => page.evaluate(() => document.querySelector('#timeline')?.scrollTop);
    await page.evaluate(() => document.querySelector('#timeline')?.scrollTo({ top: 200 }));
    client.post('new');
    await waitForMessage(page, 'new');
    assert.equal(await top(), 200);
    await page.getByRole('button', { name: '1 new message' }).click();
    await page.waitForFunction(() => {
      const { scrollTop, scrollHeight, clientHeight } = document.querySelector(
        '#timeline',
      ) as Element;
      return scrollHeight - scrollTop - clientHeight < 2;
    });
    client.post('newer');
    await waitForMessage(page, 'newer');
    assert.ok(await page.getByText('newer').isVisible(), 'at the end, it follows');
    await page.locator('#newer').waitFor({ state: 'hidden' });
  });
});
