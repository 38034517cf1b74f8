import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  createRoom,
  navigate,
  openMenu,
  openPage,
  openRoomMenu,
  signIn,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { networkOf } from '../support/networks.ts';
import { openApp } from '../support/server.ts';
import { createGuest, type TestUser } from '../support/test-user.ts';

let app: Awaited<ReturnType<typeof openApp>>;
let rooms = 0;

before(async () => {
  app = await openApp({ after: () => {} }, { host: '0.0.0.0' }, {}, networkOf('192.168.1.5'));
});
after(() => app.close());

/** A projector, opened by the owner of a new room, and another user in the room. */
async function openRoom(t: TestContext) {
  const { url, port } = app;
  rooms += 1;
  const room = `class-${rooms}`;
  const options = { reducedMotion: 'reduce', viewport: { width: 1280, height: 720 } } as const;
  const page = await openPage(t, `${url}/sign-in?next=/rooms`, options);
  await signIn(page, `Ada ${rooms}`);
  await createRoom(page, { title: room, topic: 'Fish' });
  await waitForState(page, 'live');
  await navigate(page, () => page.click('.bar .present'));
  await live(page);
  /** Sends a command as the user of the page, from another tab. */
  const doAs = (command: object): Promise<number> =>
    page.evaluate(
      async ([path, body]) => {
        const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
        return (await fetch(path, { method: 'POST', headers, body })).status;
      },
      [`/rooms/${room}/commands`, JSON.stringify(command)] as const,
    );
  assert.equal(await doAs({ type: 'set-poll-creators', creators: 'everyone' }), 200);
  const ben = await createGuest(port);
  const ask = (question: string, more: object = {}) => createPoll(ben, room, question, more);
  return { url, port, room, page, ben, ask, doAs };
}

async function live(page: Page): Promise<void> {
  await page.waitForSelector('#state[data-state=live]', { state: 'attached' });
}

async function createPoll(
  guest: TestUser,
  room: string,
  question: string,
  more: object,
): Promise<number> {
  const poll = { type: 'create-poll', question, options: ['Red', 'Blue', 'Green'], ...more };
  assert.equal((await guest.command(room, poll)).status, 200);
  const answer = await guest.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
  return (await answer.json()).messages.at(-1).id;
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

/** Shows the controls, which rest after a while. */
async function wake(page: Page): Promise<void> {
  await page.mouse.move(100, 100);
  await page.mouse.move(120, 120);
}

/** The part of the height of the stage that an element has. */
function heightOf(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate((element) => element.clientHeight / innerHeight);
}

suite('A projector', () => {
  test('invites, then shows the open poll over the whole screen, and its votes as they arrive', async (t) => {
    const { port, page, ben, ask, room, doAs } = await openRoom(t);
    const invitation = page.locator('.invitation');
    await invitation.locator('svg').waitFor();
    const address = (await invitation.locator('.address').textContent()) ?? '';
    assert.match(address, new RegExp(`^192\\.168\\.1\\.5:${port}/j/\\d{4}$`));
    await becomes(async () => (await heightOf(page, '.invitation .qr')) > 0.5, true);
    assert.deepEqual(await accessibilityViolations(page), []);
    const id = await ask('Which?');
    await stages(page, 'Which?');
    await invitation.waitFor({ state: 'hidden' });
    await page.locator('.join svg').waitFor();
    await ben.command(room, { type: 'set-votes', id, options: 2 });
    await doAs({ type: 'set-votes', id, options: 0 });
    await counts(page, 1, 0, 1);
    await page.getByText(/^2 (of \d voted|votes)$/).waitFor();
    assert.equal(await page.locator('.stage .vote :is(button, input)').count(), 0);
    await becomes(() => page.locator('.shown .leader').count(), 2);
    // The address is large enough for the last row, and the answers use the width and the height.
    for (const size of [
      { width: 1280, height: 720 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(size);
      await becomes(async () => (await heightOf(page, '.join .address')) >= 0.022, true);
      await becomes(async () => (await heightOf(page, '.shown .vote')) > 0.5, true);
      const isLarge = async () => {
        const { width, height } =
          (await page.locator('.shown meter').first().boundingBox()) ?? size;
        return width > 0.7 * size.width && height > 0.03 * size.height;
      };
      await becomes(isLarge, true);
      await becomes(() => page.evaluate(() => document.body.scrollHeight - innerHeight), 0);
    }
    await page.selectOption('.shown .chart-kind', 'pie');
    await page.waitForFunction(isDrawn);
    assert.deepEqual(await accessibilityViolations(page), []);
    await wake(page);
    await page.click('.shown .replay-button');
    await page.locator('.replay').waitFor();
    await page.locator('.shown .vote').waitFor({ state: 'hidden' });
    await ben.command(room, { type: 'close-poll', id });
    await page.locator('.shown').getByText('closed').waitFor();
  });

  test('is controlled by keys, and so is every other projector of the room, by its owner', async (t) => {
    const { url, page, ask, room } = await openRoom(t);
    for (const question of ['One?', 'Two?']) {
      await ask(question);
      await stages(page, question);
    }
    const other = await openPage(t, `${url}/rooms/${room}/present`);
    await live(other);
    await page.keyboard.press('ArrowLeft');
    await Promise.all([stages(page, 'One?'), stages(other, 'One?')]);
    await ask('Three?');
    await page.getByText('1 / 3').waitFor();
    await stages(page, 'One?');
    await page.keyboard.press('PageDown');
    await stages(page, 'Two?');
    await page.keyboard.press('ArrowRight');
    await Promise.all([stages(page, 'Three?'), stages(other, 'Three?')]);
    await page.keyboard.press('ArrowRight');
    await ask('Four?');
    await Promise.all([stages(page, 'Four?'), stages(other, 'Four?')]);
    const blank = page.locator('#blank-dialog');
    for (const key of ['b', '.']) {
      await page.keyboard.press(key);
      await blank.waitFor();
      await other.locator('#blank-dialog').waitFor();
      await becomes(() => blank.boundingBox(), { x: 0, y: 0, width: 1280, height: 720 });
      await page.keyboard.press(key === 'b' ? 'PageUp' : 'Escape');
      await blank.waitFor({ state: 'hidden' });
      await other.locator('#blank-dialog').waitFor({ state: 'hidden' });
      await stages(page, 'Four?');
    }
    await page.keyboard.press('j');
    await page.locator('.invitation svg').waitFor();
    await other.locator('.invitation svg').waitFor();
    await page.locator('.stage').waitFor({ state: 'hidden' });
    await page.keyboard.press('j');
    await stages(other, 'Four?');
    // What a listener does stays on their own page.
    await other.keyboard.press('ArrowLeft');
    await stages(other, 'Three?');
    await page.keyboard.press('Space');
    await page.locator('.shown').getByText('closed').waitFor();
    await stages(page, 'Four?');
    await page.keyboard.press('Space');
    await page.waitForSelector('.shown[data-open=true]');
    await page.keyboard.press('t');
    await page.locator('.shown time.closes').waitFor();
    await wake(page);
    await page.getByRole('button', { name: 'Blank screen' }).click();
    await blank.click();
    await blank.waitFor({ state: 'hidden' });
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
    await page.reload();
    await stages(page, 'Two?');
  });

  test('follows the remote on a phone, which shows what there is on the stage', async (t) => {
    const { url, page, ask, room } = await openRoom(t);
    await ask('One?');
    await ask('Two?', { resultsVisibility: 'after-close' });
    const remote = await page.context().newPage();
    await remote.setViewportSize({ width: 390, height: 844 });
    await remote.goto(`${url}/rooms/${room}`);
    await openRoomMenu(remote);
    await navigate(remote, () => remote.getByRole('link', { name: 'Remote control' }).click());
    await live(remote);
    assert.deepEqual(await accessibilityViolations(remote), []);
    const press = (name: string) => remote.getByRole('button', { name }).click();
    await press('Reveal results');
    await counts(page, 0, 0, 0);
    await press('Previous');
    await stages(page, 'One?');
    await remote.getByRole('heading', { name: 'One?' }).waitFor();
    await press('End poll');
    await page.locator('.shown').getByText('closed').waitFor();
    await press('Blank screen');
    await page.locator('#blank-dialog').waitFor();
    await remote.locator('button[aria-pressed=true]').getByText('Blank screen').waitFor();
    await press('Blank screen');
    await page.locator('#blank-dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('ArrowRight');
    await remote.getByRole('heading', { name: 'Two?' }).waitFor();
    await remote.setViewportSize({ width: 320, height: 640 });
    assert.ok(await fits(remote));
  });

  test('shows no hidden count, and reveals and hides it for users who may do that', async (t) => {
    const { url, page, ask, doAs, room } = await openRoom(t);
    const other = await openPage(t, `${url}/rooms/${room}/present`, { locale: 'zh-CN' });
    await live(other);
    const id = await ask('Which?', { resultsVisibility: 'after-vote' });
    await Promise.all([stages(page, 'Which?'), stages(other, 'Which?')]);
    // Voters get the results, but the projector, which shows the page to others, does not.
    assert.equal(await doAs({ type: 'set-votes', id, options: 1 }), 200);
    await page.getByText(/^1 of \d voted$/).waitFor();
    await becomes(() => page.locator('[data-count], [data-total]').count(), 0);
    await other.keyboard.press('r');
    await other.locator('#notices').getByText('只有本聊天室的管理员可以执行此操作。').waitFor();
    assert.equal(await other.locator('[data-count]').count(), 0);
    await page.keyboard.press('r');
    await Promise.all([counts(page, 0, 1, 0), counts(other, 0, 1, 0)]);
    await page.keyboard.press('r');
    await page.waitForFunction(() => !document.querySelector('[data-count]'));
  });

  test('has one question of a Q&A on the stage, and a word cloud as large as that', async (t) => {
    const { page, ask, ben, room } = await openRoom(t);
    const id = await ask('Questions?', { kind: 'q-and-a', options: [] });
    for (const suggestion of ['First?', 'Second?', 'Third?', 'Fourth?', 'Fifth?', 'Sixth?'])
      await ben.command(room, { type: 'suggest-option', id, suggestion });
    await page.locator('.shown .more').getByText('+2 more').waitFor();
    const large = page.locator('.shown .on-stage p');
    const staged = (text: string) => large.getByText(text).waitFor();
    await staged('First?');
    await becomes(async () => (await heightOf(page, '.shown .on-stage p')) > 0.08, true);
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await staged('Third?');
    await page.reload();
    await staged('Third?');
    await live(page);
    await page.keyboard.press('a');
    await staged('First?');
    await page.locator('.shown .more').getByText('+1 more · 1 answered').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);

    const cloud = await ask('One word?', { kind: 'word-cloud', options: [], maxChoices: 3 });
    for (const suggestion of ['calm', 'busy', '开心'])
      await ben.command(room, { type: 'suggest-option', id: cloud, suggestion });
    await page.waitForFunction(() => document.querySelectorAll('.shown .cloud li').length === 3);
    const word = page.locator('.shown .cloud bdi').first();
    // Words fill the stage.
    await becomes(async () => ((await word.boundingBox())?.height ?? 0) > 60, true);
    const number = page.locator('.shown .cloud .count').first();
    assert.equal(await number.isVisible(), false);
    await page.keyboard.press('n');
    await number.waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.keyboard.press('q');
    await stages(page, 'Questions?');
  });

  test('has no chat until it is switched on, and pinned messages where there are some', async (t) => {
    const { page, ben, doAs, room } = await openRoom(t);
    await ben.postMessage(room, 'the rules');
    await page.locator('#latest').getByText('the rules').waitFor({ state: 'attached' });
    assert.equal(await page.locator('aside').isVisible(), false);
    await page.keyboard.press('c');
    await page.locator('#latest').getByText('the rules').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.reload();
    await page.locator('#latest').getByText('the rules').waitFor();
    await live(page);
    const id = await page.locator('#latest .message').getAttribute('id');
    for (let n = 1; n <= 20; n += 1) await ben.postMessage(room, `message ${n}`);
    await page.locator('#latest').getByText('message 20').waitFor();
    await page.locator(`#${id}`).waitFor({ state: 'detached' });
    await page.keyboard.press('c');
    await page.locator('aside').waitFor({ state: 'hidden' });
    await doAs({ type: 'pin', id: Number(id?.slice(2)) });
    await page.locator('#pinned').getByText('the rules').waitFor();
    await doAs({ type: 'clear-history' });
    await page.locator('#pinned').getByText('the rules').waitFor({ state: 'detached' });
    await page.locator('aside').waitFor({ state: 'hidden' });
    await becomes(() => page.locator('article.message').count(), 0);
  });

  test('shows a pinned message, which is marked in the room', async (t) => {
    const { url, page, room: name, ben } = await openRoom(t);
    const room = await page.context().newPage();
    await room.goto(`${url}/rooms/${name}`);
    await waitForState(room, 'live');
    await ben.postMessage(name, 'the rules\n```\nbe kind\n```');
    const rules = room.locator('.message', { hasText: 'the rules' });
    await rules.waitFor();
    await (await openMenu(room, rules)).getByRole('button', { name: 'Pin' }).click();
    // Not the button that copies the code.
    await room.locator('a#pinned-last').getByText('the rules be kind', { exact: true }).waitFor();
    await rules.locator('.pin-mark').waitFor();
    await page.locator('#pinned').getByText('the rules').waitFor();
    assert.deepEqual(await accessibilityViolations(room), []);
    await (await openMenu(room, rules)).getByRole('button', { name: 'Unpin' }).click();
    await room.locator('a#pinned-last').waitFor({ state: 'hidden' });
    await page.locator('aside').waitFor({ state: 'hidden' });
  });

  test('fits a phone, in Chinese and in the dark', async (t) => {
    const { url, ask, room } = await openRoom(t);
    await ask(`怎么样？${'长'.repeat(60)}`, { options: ['好', 'W'.repeat(100)] });
    const page = await openPage(t, `${url}/rooms/${room}/present`, {
      ...{ locale: 'zh-CN', colorScheme: 'dark', reducedMotion: 'reduce' },
      viewport: { width: 390, height: 844 },
    });
    await live(page);
    await page.getByRole('button', { name: '黑屏' }).waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
    await wake(page);
    await page.getByRole('button', { name: '键盘快捷键' }).click();
    const help = page.getByRole('dialog', { name: '键盘快捷键' });
    await help.getByRole('link', { name: 'English' }).waitFor();
    await help.getByRole('button', { name: '关闭' }).click();
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await fits(page));
  });
});

test('Without scripts, the newest poll is on the stage', async (t) => {
  const { url, port, ask, doAs, room } = await openRoom(t);
  for (const question of ['One?', 'Two?']) await ask(question);
  const page = await openPage(t, `${url}/rooms/${room}/present`, { javaScriptEnabled: false });
  const seen = page.locator('.stage h2:visible');
  assert.deepEqual(await seen.allTextContents(), ['Two?']);
  assert.equal(await doAs({ type: 'set-poll-creators', creators: 'moderators' }), 200);
  await doAs({ type: 'create-poll', question: 'Mine?', options: ['a', 'b'], maxChoices: 2 });
  await doAs({ type: 'set-poll-creators', creators: 'everyone' });
  await ask('Three?');
  await doAs({ type: 'set-poll-creators', creators: 'moderators' });
  await page.reload();
  assert.deepEqual(await seen.allTextContents(), ['Mine?']);
  assert.equal(await page.locator('#tools').isVisible(), false);
  assert.equal(await page.locator('.stage input:visible').count(), 0, 'no choice without a button');
  const address = (await page.locator('.join .address').textContent()) ?? '';
  assert.match(address, new RegExp(`^192\\.168\\.1\\.5:${port}/j/\\d{4}$`));
});
