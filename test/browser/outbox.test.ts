import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  closeConnection,
  openMenu,
  openNewPoll,
  openPage,
  ownMessages,
  pendingMessages,
  post,
  receivedMessages,
  togglePeople,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { bodies, join } from '../support/client.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openProxy } from '../support/proxy.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';

/** Waits until nothing waits any more. */
function isEmpty(page: Page): Promise<unknown> {
  return page.waitForFunction(() => !document.querySelector('.pending'));
}

/** Whether the page asks before it is left. */
function isAsked(page: Page): Promise<boolean> {
  return page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
}

suite('A posted message', () => {
  test('is shown at once as it will look, and is confirmed without moving', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/chat');
    for (let n = 1; n <= 40; n += 1) other.post(`message ${n}`);
    await other.waitForFrames(41);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    for (const text of ['first of a group', 'second of it']) {
      const seen = await page.evaluate(async (message) => {
        const list = document.querySelector('#messages') as HTMLElement;
        const field = document.querySelector('#message') as HTMLTextAreaElement;
        const confirmed = new Promise((resolve) => {
          new MutationObserver(resolve).observe(list, { childList: true });
        });
        field.value = message;
        field.form?.requestSubmit();
        const look = (article: Element | null) => {
          const { top, left, height } =
            article?.querySelector('.body')?.getBoundingClientRect() ?? {};
          const who = article?.querySelector<HTMLElement>('.who')?.innerText;
          const disc = article?.querySelector('header')?.dataset.initials;
          return {
            top,
            left,
            height,
            who,
            disc,
            text: article?.querySelector('.body')?.textContent,
          };
        };
        const pending = document.querySelector('.message.own.pending');
        const at = { ...look(pending), id: pending?.id };
        await confirmed;
        const own = list.querySelector('.message:last-child');
        return { at, after: { ...look(own), id: '' }, left: document.querySelector('.pending') };
      }, text);
      assert.equal(seen.at.text, text);
      assert.deepEqual(seen.at, seen.after);
      assert.equal(seen.left, null);
    }
    assert.deepEqual(await ownMessages(page), ['first of a group', 'second of it']);
  });

  test('is pending while there is no connection, below other messages, and says so', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await closeConnection(page);
    await post(page, 'to be withdrawn');
    await post(page, '  <b>to be sent</b> ');
    assert.deepEqual(await pendingMessages(page), ['to be withdrawn', '<b>to be sent</b>']);
    assert.deepEqual(await page.locator('.pending .status').allTextContents(), [
      'Waiting for connection',
      'Waiting for connection',
    ]);
    const other = await join(t, port, '/chat');
    other.post('from another');
    await other.waitForFrames(2);

    const first = page.locator('.pending').first();
    await first.getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await pendingMessages(page), ['<b>to be sent</b>']);
    assert.equal(await page.inputValue('#message'), 'to be withdrawn', 'the text is not lost');
    assert.ok(await page.locator('#message').evaluate((field) => field.matches(':focus')));
    await page.fill('#message', '');

    await page.getByRole('button', { name: 'Retry now' }).click();
    await waitForState(page, 'live');
    await waitForMessage(page, '<b>to be sent</b>');
    assert.deepEqual(await receivedMessages(page), ['from another', '<b>to be sent</b>']);
    assert.deepEqual(bodies(await other.waitForFrames(3)), [
      'from another',
      '&lt;b&gt;to be sent&lt;/b&gt;',
    ]);
    await isEmpty(page);
  });

  test('stays in the field where too many messages are pending', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await closeConnection(page);
    await page.evaluate(() => {
      const field = document.querySelector<HTMLTextAreaElement>('#message');
      for (let n = 1; n <= 101; n += 1) {
        if (field) field.value = `message ${n}`;
        field?.form?.requestSubmit();
      }
    });
    assert.equal((await pendingMessages(page)).length, 100);
    assert.equal(await page.inputValue('#message'), 'message 101');
    assert.match((await page.getByRole('alert').textContent()) ?? '', /Too many unsent messages/);
  });

  for (const [locale, colorScheme, width] of [
    ['en-US', 'dark', 1280],
    ['zh-CN', 'light', 320],
  ] as const) {
    test(`has no finding of axe-core while it is pending: ${locale}, ${width} px`, async (t) => {
      const { url } = await openApp(t);
      const viewport = { width, height: 640 };
      const page = await openPage(t, url, { locale, colorScheme, viewport });
      await waitForState(page, 'live');
      // On a narrow page it covers the rest.
      if (width > 320) await togglePeople(page);
      await page.locator('#close').dispatchEvent('click');
      await post(page, 'W'.repeat(60));
      await post(page, 'x');
      assert.deepEqual(await accessibilityViolations(page), []);
      assert.ok(await fits(page));
    });
  }
});

suite('The outbox', () => {
  test('survives a reload without a server, and is sent in order, each once', async (t) => {
    const data = temporaryFolder(t);
    const { port, close } = await openApp(t);
    await close();
    const args = ['--port', `${port}`, '--data', data, '--limits', 'off'];
    const first = spawnServer(t, args);
    await first.listening();
    const page = await openPage(t, `http://127.0.0.1:${port}/`);
    await waitForState(page, 'live');
    await post(page, 'before');
    await waitForMessage(page, 'before');
    // Stopped, it takes what is sent and does nothing with it; killed, that is lost.
    first.child.kill('SIGSTOP');
    await post(page, 'on its way');
    await first.end('SIGKILL');
    await waitForState(page, 'connecting');
    for (const text of ['one', 'two', 'three']) await post(page, text);
    await assert.rejects(page.reload(), 'there is no server');
    const second = spawnServer(t, args);
    await second.listening();
    await page.reload();
    await waitForMessage(page, 'three');
    const all = ['before', 'on its way', 'one', 'two', 'three'];
    assert.deepEqual(await receivedMessages(page), all);
    assert.deepEqual(await ownMessages(page), all, 'it is the same guest');
    await isEmpty(page);

    await second.end('SIGKILL');
    await waitForState(page, 'connecting');
    await post(page, 'four');
    await spawnServer(t, args).listening();
    await waitForMessage(page, 'four');
    await page.reload();
    await waitForState(page, 'live');
    assert.deepEqual(await receivedMessages(page), [...all, 'four']);
  });

  test('posts nothing twice where the response was lost', async (t) => {
    const { port } = await openApp(t);
    const proxy = { dropsServerData: false };
    const page = await openPage(t, await openProxy(t, port, proxy));
    await waitForState(page, 'live');
    const other = await join(t, port, '/chat');
    for (const way of ['a reload', 'a new line']) {
      proxy.dropsServerData = true;
      await post(page, `one, over ${way}`);
      await other.until((frames) => frames.some((frame) => frame.includes(`one, over ${way}`)));
      await post(page, `two, over ${way}`);
      assert.deepEqual(await pendingMessages(page), [`one, over ${way}`, `two, over ${way}`]);
      proxy.dropsServerData = false;
      if (way === 'a reload') {
        await page.reload();
      } else {
        await closeConnection(page);
        await page.click('#connect');
      }
      await waitForMessage(page, `two, over ${way}`);
      await isEmpty(page);
    }
    const all = ['a reload', 'a new line'].flatMap((way) => [
      `one, over ${way}`,
      `two, over ${way}`,
    ]);
    assert.deepEqual(await receivedMessages(page), all);
    assert.deepEqual(bodies(other.frames), all);
  });

  test('restores a rejected text, with the reason', async (t) => {
    const { url } = await openApp(t);
    const owner = await signedIn(url, 'Ada');
    await owner.post('/rooms', { name: 'ours' });
    const page = await openPage(t, `${url}/rooms/ours`);
    await waitForState(page, 'live');
    await closeConnection(page);
    await post(page, 'one');
    await post(page, 'two');
    await owner.post('/rooms/ours/commands', { type: 'set-locked', enabled: true });
    await page.click('#connect');
    await page.waitForSelector('#error[data-code=locked]');
    await isEmpty(page);
    assert.equal(await page.inputValue('#message'), 'one\ntwo');
    assert.deepEqual(await receivedMessages(page), []);
    await page.reload();
    await waitForState(page, 'live');
    assert.deepEqual(await pendingMessages(page), [], 'it has left the outbox');
    assert.equal(await page.inputValue('#message'), 'one\ntwo', 'and is kept as a draft');
  });

  test('of a tab is not sent by a duplicate of it, which is another guest', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await closeConnection(page);
    await post(page, 'once');
    const stored = await page.evaluate(() => ({ ...sessionStorage }));
    const copy = await page.context().newPage();
    await copy.addInitScript((items) => {
      for (const [key, value] of Object.entries(items)) sessionStorage.setItem(key, value);
    }, stored);
    await copy.goto(url);
    await waitForState(copy, 'live');
    assert.deepEqual(await pendingMessages(copy), []);
    assert.equal(await copy.inputValue('#message'), 'once');
    await page.click('#connect');
    await waitForMessage(page, 'once');
    await waitForMessage(copy, 'once');
    assert.deepEqual(await receivedMessages(copy), ['once']);
  });

  test('confirms closing the tab while messages are pending', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await post(page, 'hello');
    await waitForMessage(page, 'hello');
    await closeConnection(page);
    assert.equal(await isAsked(page), false);
    await post(page, 'waits');
    assert.equal(await isAsked(page), true);
  });
});

test('A draft survives a reload, a visit to another room, and a crash', async (t) => {
  const { url } = await openApp(t);
  const page = await openPage(t, `${url}/rooms/one`);
  await waitForState(page, 'live');
  await page.locator('#message').pressSequentially('half a');
  await page.reload();
  assert.equal(await page.inputValue('#message'), 'half a');
  await page.goto(`${url}/rooms/two`);
  assert.equal(await page.inputValue('#message'), '', 'each room has its own');
  await page.fill('#message', 'other');
  await page.goto(`${url}/rooms/one`);
  await page.fill('#message', 'half a sentence');
  // It is kept without a farewell of the page.
  await page.waitForFunction(() => localStorage['typhoon.drafts']?.includes('half a sentence'));
  const next = await page.context().newPage();
  await page.close({ runBeforeUnload: false });
  await next.goto(`${url}/rooms/one`);
  await waitForState(next, 'live');
  assert.equal(await next.inputValue('#message'), 'half a sentence');
  await next.press('#message', 'Enter');
  await waitForMessage(next, 'half a sentence');
  await next.reload();
  assert.equal(await next.inputValue('#message'), '');
  await next.goto(`${url}/rooms/two`);
  assert.equal(await next.inputValue('#message'), 'other');
});

test('A draft is restored completely after a reload: its text, its files, and its reply', async (t) => {
  const { url } = await openApp(t);
  const page = await openPage(t, `${url}/rooms/one`);
  await waitForState(page, 'live');
  await post(page, 'a question');
  await waitForMessage(page, 'a question');
  const menu = await openMenu(page, page.locator('.message').last());
  await menu.locator('[value=reply]').click();
  await post(page, '/refused');
  await page.locator('#error[data-code=unknown-command]').waitFor();
  await page.locator('#composing', { hasText: 'a question' }).waitFor();
  const file = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') };
  await page.setInputFiles('#files', file);
  await page.locator('#attached .uploaded').waitFor();
  await page.fill('#message', 'my answer');
  await page.reload();
  await page.locator('#attached .uploaded', { hasText: 'plan.txt' }).waitFor();
  await page.locator('#composing', { hasText: 'a question' }).waitFor();
  assert.equal(await page.inputValue('#message'), 'my answer');
  await page.press('#message', 'Enter');
  await waitForMessage(page, 'my answer');
  const sent = page.locator('.message:not(.pending)').last();
  await sent.locator('.quote', { hasText: 'a question' }).waitFor();
  await sent.locator('.file', { hasText: 'plan.txt' }).waitFor();
  await page.reload();
  await waitForState(page, 'live');
  assert.equal(await page.locator('#attached li').count(), 0);
  assert.equal(await page.isVisible('#composing'), false);
});

test('Leaving the page is confirmed where an upload, an edit or a poll would be lost', async (t) => {
  const { url } = await openApp(t);
  const page = await openPage(t, `${url}/rooms/one`);
  await waitForState(page, 'live');
  await post(page, 'first');
  await waitForMessage(page, 'first');
  await page.fill('#message', 'a draft is kept');
  assert.equal(await isAsked(page), false);
  await page.fill('#message', '');

  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(/\/files\?name=/, async (route) => {
    await promise;
    await route.continue();
  });
  const file = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan') };
  await page.setInputFiles('#files', file);
  assert.equal(await isAsked(page), true);
  resolve();
  await page.locator('#attached .uploaded').waitFor();
  assert.equal(await isAsked(page), false);

  await page.press('#message', 'ArrowUp');
  await page.locator('#composing').waitFor();
  assert.equal(await isAsked(page), false);
  await page.locator('#message').pressSequentially(' of all');
  assert.equal(await isAsked(page), true);
  await page.press('#message', 'Escape');
  assert.equal(await isAsked(page), false);

  await openNewPoll(page);
  await page.fill('#poll-dialog [name=question]', 'Tea?');
  assert.equal(await isAsked(page), true);
});

test("A command that can't be sent without a connection is rejected with a text", async (t) => {
  const { url } = await openApp(t);
  const page = await openPage(t, url);
  await waitForState(page, 'live');
  await post(page, '/poll "Tea?" yes | no');
  const [yes, no] = [0, 1].map((n) => page.locator(`.poll button.option[value="${n}"]`));
  assert.ok(yes && no);
  await yes.waitFor();
  await closeConnection(page);
  await waitForState(page, 'closed');
  // A typing state that can't be sent is no error.
  await page.locator('#message').pressSequentially('abc');
  assert.equal(await page.getByRole('alert').count(), 0);
  await yes.click();
  await page.getByRole('alert').getByText("You're offline").waitFor();
  await page.click('#connect');
  await waitForState(page, 'live');
  await no.click();
  await page.waitForSelector('.poll button.option[value="1"][aria-pressed=true]');
  assert.equal(await yes.getAttribute('aria-pressed'), 'false');
});
