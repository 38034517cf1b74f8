import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  createRoom,
  navigate,
  openMenu,
  openPage,
  post,
  signIn,
  waitForState,
  waitForSystemMessage,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { networkOf } from '../support/networks.ts';
import { openApp } from '../support/server.ts';
import { createGuest, type TestUser } from '../support/test-user.ts';

/** A projector, opened by the room's owner, and another user in the room. */
async function openRoom(t: TestContext) {
  const { url, port } = await openApp(t, { host: '0.0.0.0' }, {}, networkOf('192.168.1.5'));
  const options = { reducedMotion: 'reduce', viewport: { width: 1280, height: 720 } } as const;
  const page = await openPage(t, `${url}/sign-in?next=/rooms`, options);
  await signIn(page, 'Ada');
  await createRoom(page, { title: 'class', topic: 'Fish' });
  await waitForState(page, 'live');
  await navigate(page, () => page.click('.bar .present'));
  await live(page);
  assert.equal(await doAs(page, { type: 'set-poll-creators', creators: 'everyone' }), 200);
  const ben = await createGuest(port);
  return { url, port, page, ben };
}

async function live(page: Page): Promise<void> {
  await page.waitForSelector('#state[data-state=live]', { state: 'attached' });
}

async function ask(guest: TestUser, question: string, more: object = {}): Promise<number> {
  const poll = { type: 'create-poll', question, options: ['Red', 'Blue', 'Green'], ...more };
  assert.equal((await guest.command('class', poll)).status, 200);
  const answer = await guest.get('/rooms/class/messages', { Accept: 'application/json' });
  return (await answer.json()).messages.at(-1).id;
}

/** Sends a command as the user of the page, from another tab. */
function doAs(page: Page, command: object): Promise<number> {
  return page.evaluate(async (body) => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const asked = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch('/rooms/class/commands', asked)).status;
  }, command);
}

/** Waits until this poll, and no other, is on the stage. */
async function stages(page: Page, question: string): Promise<void> {
  await page.waitForFunction((text) => {
    const seen = [...document.querySelectorAll<HTMLElement>('.stage h2')].filter(
      (heading) => heading.offsetParent !== null,
    );
    return seen.length === 1 && seen[0]?.textContent === text;
  }, question);
}

/** Waits until the poll on the stage shows these counts. */
async function counts(page: Page, ...expected: readonly number[]): Promise<void> {
  await page.waitForFunction((all) => {
    const rows = [...document.querySelectorAll<HTMLElement>('.shown tr[data-count]')];
    return rows.map(({ dataset }) => dataset.count).join() === all;
  }, expected.join());
}

/** Whether something is drawn in the colour of the third option: what draws is loaded when asked for. */
function isDrawn(): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.shown canvas');
  const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] === 0 && data[at + 1] === 158 && data[at + 2] === 115) return true;
  }
  return false;
}

suite('A projector', () => {
  test('shows the invitation, then the open poll, and its votes as they arrive', async (t) => {
    const { port, page, ben } = await openRoom(t);
    const invitation = page.locator('.invitation');
    await invitation.locator('svg').waitFor();
    const address = (await invitation.locator('.address').textContent()) ?? '';
    assert.match(address, new RegExp(`^192\\.168\\.1\\.5:${port}/j/\\d{4}$`));
    assert.deepEqual(await accessibilityViolations(page), []);
    const id = await ask(ben, 'Which?');
    await stages(page, 'Which?');
    assert.equal(await invitation.isVisible(), false);
    await page.locator('.join svg').waitFor();
    await ben.command('class', { type: 'set-votes', id, options: 2 });
    await doAs(page, { type: 'set-votes', id, options: 0 });
    await counts(page, 1, 0, 1);
    await page.getByText(/^2 (of \d voted|votes)$/).waitFor();
    assert.equal(await page.locator('.stage .vote :is(button, input)').count(), 0);
    await page.selectOption('.shown .chart-kind', 'pie');
    await page.waitForFunction(isDrawn);
    assert.deepEqual(await accessibilityViolations(page), []);
    await ben.postMessage('class', 'to the side');
    await page.locator('#latest').getByText('to the side').waitFor();
    await ben.command('class', { type: 'close-poll', id });
    await page.locator('.shown').getByText('closed').waitFor();
  });

  test('is controlled by keys: to other polls, to a blank screen, and back', async (t) => {
    const { page, ben } = await openRoom(t);
    for (const question of ['One?', 'Two?']) {
      await ask(ben, question);
      await stages(page, question);
    }
    await page.keyboard.press('ArrowLeft');
    await stages(page, 'One?');
    await ask(ben, 'Three?');
    await page.getByText('1 / 3').waitFor();
    await stages(page, 'One?');
    await page.keyboard.press('PageDown');
    await stages(page, 'Two?');
    await page.keyboard.press('ArrowRight');
    await stages(page, 'Three?');
    await page.keyboard.press('ArrowRight');
    await ask(ben, 'Four?');
    await stages(page, 'Four?');
    for (const key of ['b', '.']) {
      await page.keyboard.press(key);
      await page.locator('#blank-dialog').waitFor();
      assert.deepEqual(await page.locator('#blank-dialog').boundingBox(), {
        ...{ x: 0, y: 0 },
        ...page.viewportSize(),
      });
      await page.keyboard.press('PageUp');
      await page.locator('#blank-dialog').waitFor({ state: 'hidden' });
      await stages(page, 'Four?');
    }
    await page.getByRole('button', { name: 'Blank screen' }).click();
    await page.locator('#blank-dialog').click();
    await page.locator('#blank-dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('Blank screen').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Two?' }).click();
    await stages(page, 'Two?');
  });

  test('shows no hidden count, and reveals it for users who may do that', async (t) => {
    const { url, page, ben } = await openRoom(t);
    const other = await openPage(t, `${url}/rooms/class/present`, { locale: 'zh-CN' });
    await live(other);
    const id = await ask(ben, 'Which?', { resultsVisibility: 'after-vote' });
    await Promise.all([stages(page, 'Which?'), stages(other, 'Which?')]);
    // Voters get the results, but the projector, which shows the page to others, does not.
    assert.equal(await doAs(page, { type: 'set-votes', id, options: 1 }), 200);
    await page.getByText(/^1 \/ \d$/).waitFor();
    await ben.postMessage('class', 'after the count');
    await page.locator('#latest').getByText('after the count').waitFor();
    assert.equal(await page.locator('[data-count], [data-total]').count(), 0);
    await other.keyboard.press('r');
    await other.locator('#notices').getByText('只有本聊天室的管理员可以执行此操作。').waitFor();
    assert.equal(await other.locator('[data-count]').count(), 0);
    await page.keyboard.press('r');
    await Promise.all([counts(page, 0, 1, 0), counts(other, 0, 1, 0)]);
    assert.equal(await page.locator('#tool-reveal').isDisabled(), true);
  });

  test('fits a phone, in Chinese and in the dark', async (t) => {
    const { url, ben } = await openRoom(t);
    await ask(ben, `怎么样？${'长'.repeat(60)}`, { options: ['好', 'W'.repeat(100)] });
    const page = await openPage(t, `${url}/rooms/class/present`, {
      ...{ locale: 'zh-CN', colorScheme: 'dark', reducedMotion: 'reduce' },
      viewport: { width: 390, height: 844 },
    });
    await live(page);
    await page.getByRole('button', { name: '黑屏' }).waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
    await page.getByRole('button', { name: '键盘快捷键' }).click();
    await page
      .getByRole('dialog', { name: '键盘快捷键' })
      .getByRole('button', { name: '关闭' })
      .click();
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await fits(page));
  });
});

suite('A pinned message', () => {
  test('is marked in the room, and in the sidebar of a projector', async (t) => {
    const { url, page, ben } = await openRoom(t);
    const room = await page.context().newPage();
    await room.goto(`${url}/rooms/class`);
    await waitForState(room, 'live');
    await post(room, 'the rules');
    await ben.postMessage('class', 'something else');
    await room.getByText('something else').waitFor();
    const rules = room.locator('.message', { hasText: 'the rules' });
    await (await openMenu(room, rules)).getByRole('button', { name: 'Pin' }).click();
    await waitForSystemMessage(room, 'Ada pinned a message.');
    await room.locator('a#pinned-last', { hasText: 'the rules' }).waitFor();
    await rules.locator('.pin-mark').waitFor();
    await page.locator('#pinned').getByText('the rules').waitFor();
    assert.equal(await page.locator('#latest').isVisible(), false);
    assert.deepEqual(await accessibilityViolations(room), []);
    await (await openMenu(room, rules)).getByRole('button', { name: 'Unpin' }).click();
    await waitForSystemMessage(room, 'Ada unpinned a message.');
    await room.locator('a#pinned-last').waitFor({ state: 'hidden' });
    await page.locator('#latest').getByText('the rules').waitFor();
    assert.equal(await page.locator('#pinned').isVisible(), false);
  });

  test('is fetched by a projector that did not have it', async (t) => {
    const { page, ben } = await openRoom(t);
    await ben.postMessage('class', 'the rules');
    await page.locator('#latest').getByText('the rules').waitFor();
    const id = await page.locator('#latest .message').getAttribute('id');
    for (let n = 1; n <= 20; n += 1) await ben.postMessage('class', `message ${n}`);
    await page.locator('#latest').getByText('message 20').waitFor();
    await page.locator(`#${id}`).waitFor({ state: 'detached' });
    await doAs(page, { type: 'pin', id: Number(id?.slice(2)) });
    await page.locator('#pinned').getByText('the rules').waitFor();
    await doAs(page, { type: 'clear-history' });
    await page.locator('#pinned').getByText('the rules').waitFor({ state: 'detached' });
    assert.equal(await page.locator('article.message').count(), 0);
  });
});

test('Without scripts, the newest poll is on the stage', async (t) => {
  const { url, port, page: ada, ben } = await openRoom(t);
  for (const question of ['One?', 'Two?']) await ask(ben, question);
  const page = await openPage(t, `${url}/rooms/class/present`, { javaScriptEnabled: false });
  const seen = page.locator('.stage h2:visible');
  assert.deepEqual(await seen.allTextContents(), ['Two?']);
  assert.equal(await doAs(ada, { type: 'set-poll-creators', creators: 'moderators' }), 200);
  await doAs(ada, { type: 'create-poll', question: 'Mine?', options: ['a', 'b'] });
  await doAs(ada, { type: 'set-poll-creators', creators: 'everyone' });
  await ask(ben, 'Three?');
  await doAs(ada, { type: 'set-poll-creators', creators: 'moderators' });
  await page.reload();
  assert.deepEqual(await seen.allTextContents(), ['Mine?']);
  assert.equal(await page.locator('#tools').isVisible(), false);
  const address = (await page.locator('.join .address').textContent()) ?? '';
  assert.match(address, new RegExp(`^192\\.168\\.1\\.5:${port}/j/\\d{4}$`));
});
