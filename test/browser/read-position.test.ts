import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  chooseName,
  deleteMessage,
  openAnotherTab,
  openMenu,
  openPage,
  openRoomMenu,
  post,
  setHidden,
  waitForEditing,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

/** The text of what follows the unread line. */
function afterLine(page: Page): Promise<string | null> {
  return page.locator('.unread-divider + .message > .body').textContent();
}

function entitled(page: Page, title: string): Promise<unknown> {
  return page.waitForFunction((wanted) => document.title === wanted, title);
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `message ${n + 1}`);

suite('The unread divider', () => {
  test('is where the reader left off, over reloads, until they post', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/chat');
    await other.waitForFrames(1);
    await other.postAndReceive('one', 'two');
    const page = await openPage(t, url, { locale: 'zh-CN' });
    await waitForState(page, 'live');
    await waitForMessage(page, 'two');
    assert.equal(await page.locator('.unread-divider').count(), 0, 'who is new has missed nothing');
    await page.goto(`${url}/rooms`);
    await other.postAndReceive('three', 'four');
    for (let visits = 0; visits < 3; visits += 1) {
      await page.goto(url);
      await waitForState(page, 'live');
      await becomes(() => afterLine(page), 'three');
    }
    assert.equal(await page.textContent('.unread-divider'), '以下为新消息');
    assert.ok(
      !(await page.locator('.unread-divider + .message').getAttribute('class'))?.includes(
        'continued',
      ),
      'it says whose it is',
    );
    assert.deepEqual(await accessibilityViolations(page), []);
    await other.postAndReceive('five');
    await waitForMessage(page, 'five');
    assert.equal(await afterLine(page), 'three', 'who sees what comes has not left');
    await page.goto(`${url}/rooms`);
    await other.postAndReceive('six');
    await page.goto(url);
    await waitForState(page, 'live');
    // It is another visit.
    await becomes(() => afterLine(page), 'six');
    await post(page, 'mine');
    await waitForMessage(page, 'mine');
    await becomes(() => page.locator('.unread-divider').count(), 0);
    await page.reload();
    await waitForState(page, 'live');
    assert.equal(await page.locator('.unread-divider').count(), 0);
  });

  test('appears where the reader was when the page was hidden, and the title counts', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/chat');
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await other.postAndReceive('seen');
    await waitForMessage(page, 'seen');
    await setHidden(page, true);
    await other.postAndReceive('one', 'two');
    await entitled(page, '(2) lobby · Typhoon');
    await becomes(() => afterLine(page), 'one');
    await setHidden(page, false);
    await entitled(page, 'lobby · Typhoon');
    assert.equal(await afterLine(page), 'one', 'one sees where one was');
  });

  test('is scrolled to when more was posted than the screen holds', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/chat');
    const page = await openPage(t, url, { viewport: { width: 320, height: 640 } });
    await waitForState(page, 'live');
    await other.postAndReceive('seen');
    await waitForMessage(page, 'seen');
    await page.goto(`${url}/rooms`);
    await other.waitForFrames(2);
    await other.postAndReceive(...numbered(60));
    await page.goto(url);
    await waitForState(page, 'live');
    const line = page.locator('.unread-divider');
    const isInView = () =>
      line.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const timeline = document.querySelector('#timeline')?.getBoundingClientRect();
        return !!timeline && top >= timeline.top && bottom <= timeline.bottom;
      });
    await becomes(isInView, true);
    assert.equal(await page.evaluate(() => scrollY), 0, 'the page itself stays');
    await becomes(() => afterLine(page), 'message 1');
    await page.waitForFunction(() => /^\(\d+\) /.test(document.title));
    const left = Number(/^\((\d+)\) /.exec(await page.title())?.[1]);
    assert.ok(left > 20 && left < 60, 'those in view are seen');
    await page.getByText(/^60 new since /).waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
    await page.reload();
    await waitForState(page, 'live');
    // What is left to read is not skipped by a reload.
    await becomes(isInView, true);
    assert.equal(await afterLine(page), 'message 1');
    await page.click('#mark-as-read');
    await entitled(page, 'lobby · Typhoon');
    await page.locator('#unread-bar').waitFor({ state: 'hidden' });
    await page.reload();
    await waitForState(page, 'live');
    assert.equal(await afterLine(page), 'message 1');
    assert.ok(!(await page.isVisible('#unread-bar')), 'all was read');
  });

  test('is correct above the page, and the scroll position stays', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/chat');
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await other.postAndReceive('seen');
    await waitForMessage(page, 'seen');
    await page.goto(`${url}/rooms`);
    await other.waitForFrames(2);
    await other.postAndReceive(...numbered(120));
    await page.goto(url);
    await page.waitForFunction(
      () =>
        document.querySelector('.unread-divider + .message > .body')?.textContent === 'message 1',
    );
    assert.equal(await page.locator('.message').first().locator('.body').textContent(), 'seen');
    await page.waitForFunction(() => document.title.startsWith('(99+) '));
  });
});

test('New messages do not move a reader of older ones, and are counted', async (t) => {
  const { url, port } = await openApp(t);
  const other = await join(t, port, '/chat');
  await other.waitForFrames(1);
  await other.postAndReceive(...numbered(60));
  const page = await openPage(t, url);
  await waitForState(page, 'live');
  await waitForMessage(page, 'message 60');
  const top = () => page.evaluate(() => document.querySelector('#timeline')?.scrollTop);
  await page.evaluate(() => document.querySelector('#timeline')?.scrollTo({ top: 200 }));
  await other.postAndReceive('new 1');
  await page.getByRole('button', { name: '1 new message', exact: true }).waitFor();
  await other.postAndReceive('new 2');
  await page.getByRole('button', { name: '2 new messages' }).waitFor();
  await entitled(page, '(2) lobby · Typhoon');
  await becomes(() => afterLine(page), 'new 1');
  assert.equal(await top(), 200);
  await page.getByRole('button', { name: '2 new messages' }).click();
  await entitled(page, 'lobby · Typhoon');
  await page.locator('#newer').waitFor({ state: 'hidden' });
});

/** A notification of a page whose browser shows none. */
interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
}

/** A tab whose browser records the notifications it should show. */
async function openNoting(t: Parameters<typeof openPage>[0], url: string): Promise<Page> {
  const page = await openPage(t, 'about:blank', { permissions: ['notifications'] });
  await page.context().addInitScript(() => {
    const shown: unknown[] = [];
    const withdrawn: unknown[] = [];
    Object.assign(window, {
      shown,
      withdrawn,
      Notification: class extends EventTarget {
        static readonly permission = 'granted';
        static async requestPermission(): Promise<string> {
          return 'granted';
        }
        close = () => {};
        constructor(title: string, { body, tag }: NotificationOptions) {
          super();
          // As Chrome on Android does.
          if ('isBlocked' in window) throw new TypeError('Illegal constructor');
          if (body !== undefined) shown.push({ title, body, tag });
          this.close = () => void withdrawn.push(body);
          Object.assign(window, { lastShown: this });
        }
      },
    });
  });
  await page.goto(url);
  await waitForState(page, 'live');
  return page;
}

function shownNotifications(page: Page): Promise<readonly Shown[]> {
  return page.evaluate(() => (window as unknown as { shown: Shown[] }).shown);
}

/** Waits until this is the last notification. */
function waitForNotification(page: Page, body: string): Promise<unknown> {
  return page.waitForFunction(
    (wanted) => (window as unknown as { shown: Shown[] }).shown.at(-1)?.body === wanted,
    body,
  );
}

/** Chooses in the menu of the room, which stays open meanwhile. */
async function choose(page: Page, choice: 'all' | 'mentions' | 'none'): Promise<void> {
  const menu = await openRoomMenu(page);
  await menu.locator(`[role=radio][value=${choice}]`).click();
  if (choice === 'none') await waitForChoice(page, choice);
  else await page.waitForFunction(hasAnswer, choice);
  await page.keyboard.press('Escape');
}

/** The choice is shown, or why it was not possible. */
function hasAnswer(choice: string): boolean {
  const checked = document.querySelector(`#room-menu [value=${choice}][aria-checked=true]`);
  return checked !== null || document.querySelector('#notify-note')?.textContent !== '';
}

function waitForChoice(page: Page, choice: string): Promise<unknown> {
  return page.waitForSelector(`#room-menu [value=${choice}][aria-checked=true]`, {
    state: 'attached',
  });
}

suite('Notifications', () => {
  test('of all messages: not the user’s own, not while the room is in view, not of muted users', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openNoting(t, url);
    const other = await join(t, port, '/chat');
    const muted = await openPage(t, url);
    await waitForState(muted, 'live');
    await choose(page, 'all');
    await other.postAndReceive('in view');
    await waitForMessage(page, 'in view');
    await page.locator('#people-list .member:not(.own) button').last().waitFor();
    await post(muted, 'from the one to be muted');
    await waitForMessage(page, 'from the one to be muted');
    const name = await page.locator('.message').last().locator('.who').innerText();
    await page.locator('#people-list button', { hasText: name.split(' ').at(-1) ?? '' }).click();
    await page.click('dialog [value=hide-messages]');

    await setHidden(page, true);
    await post(page, 'my own');
    await post(muted, 'muted');
    await waitForMessage(page, 'muted');
    await other.postAndReceive('while away');
    await waitForNotification(page, 'while away');
    const [first, ...more] = await shownNotifications(page);
    assert.equal(more.length, 0);
    assert.match(first?.title ?? '', /^guest [0-9a-f]{6} · lobby$/);
    assert.equal(first?.tag, 'typhoon.lobby');

    const beside = await openAnotherTab(page, url);
    await other.postAndReceive('in view beside');
    await waitForMessage(page, 'in view beside');
    await setHidden(beside, true);
    await other.postAndReceive('hidden in both');
    await waitForNotification(page, 'hidden in both');
    assert.deepEqual(
      (await shownNotifications(page)).map(({ body }) => body),
      ['while away', 'hidden in both'],
    );

    await page.evaluate(() => {
      const { lastShown } = window as unknown as { lastShown: EventTarget };
      document.querySelector('#timeline')?.scrollTo({ top: 0 });
      lastShown.dispatchEvent(new Event('click'));
    });
    assert.ok(await page.getByText('hidden in both').isVisible());
  });

  test('of mentions alone, by the user’s name; or of nothing', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openNoting(t, url);
    await choose(page, 'mentions');
    assert.match((await page.textContent('#notify-note')) ?? '', /Choose a name/);
    await chooseName(page, 'Ada');
    await waitForChoice(page, 'mentions');
    const other = await join(t, port, '/chat');
    await setHidden(page, true);
    await other.postAndReceive('hello all', 'hello @ada', 'hello @Bob');
    await waitForNotification(page, 'hello @ada');
    await choose(page, 'none');
    await other.postAndReceive('again @Ada');
    await waitForMessage(page, 'again @Ada');
    await choose(page, 'mentions');
    await other.postAndReceive('at last @ADA');
    await waitForNotification(page, 'at last @ADA');
    assert.deepEqual(
      (await shownNotifications(page)).map(({ body }) => body),
      ['hello @ada', 'at last @ADA'],
    );
  });

  test('and counts and replies follow what is edited or deleted while the page is hidden', async (t) => {
    const { url } = await openApp(t);
    const page = await openNoting(t, url);
    const other = await openPage(t, url);
    await waitForState(other, 'live');
    await choose(page, 'all');
    await post(other, 'the first words');
    await waitForMessage(page, 'the first words');
    const menu = await openMenu(page, page.locator('.message').first());
    await menu.getByRole('button', { name: 'Reply' }).click();
    await page.locator('#composing', { hasText: 'the first words' }).waitFor();
    await setHidden(page, true);
    await post(other, 'the second words');
    await waitForNotification(page, 'the second words');
    await page.waitForFunction(() => document.title.startsWith('(1) '));
    const last = other.locator('.message').last();
    const edit = await openMenu(other, last);
    await edit.getByRole('button', { name: 'Edit' }).click();
    await waitForEditing(other);
    await post(other, 'other words');
    await waitForNotification(page, 'other words');
    await deleteMessage(other, last);
    await deleteMessage(other, other.locator('.message').first());
    await page.waitForFunction(() => !/^\(/.test(document.title));
    await page.waitForFunction(
      () => !document.querySelector('#composing')?.textContent?.includes('words'),
    );
    const withdrawn = () =>
      page.evaluate(() => (window as unknown as { withdrawn: unknown }).withdrawn);
    await becomes(withdrawn, ['other words']);
  });

  test('that the browser can’t show after all are turned off with a note', async (t) => {
    const { url } = await openApp(t);
    const page = await openNoting(t, url);
    await page.evaluate(() => Object.assign(window, { isBlocked: true }));
    await choose(page, 'all');
    const note = page.locator('#notify-note', { hasText: 'support notifications from web pages' });
    await note.waitFor({ state: 'attached' });
    await waitForChoice(page, 'none');
  });

  test('that the browser does not allow are turned off with a note', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await waitForChoice(page, 'none');
    await choose(page, 'all');
    await openRoomMenu(page);
    await page.getByText('Notifications are blocked.').waitFor();
    await waitForChoice(page, 'none');
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  test('are chosen by keyboard, and a user’s other pages follow', async (t) => {
    const { url } = await openApp(t);
    const page = await openNoting(t, url);
    await chooseName(page, 'Ada');
    await waitForState(page, 'live');
    const beside = await openAnotherTab(page, url);
    await waitForState(beside, 'live');
    await openRoomMenu(page);
    await page.getByRole('radio', { name: 'Mentions' }).focus();
    await page.keyboard.press('ArrowUp');
    await waitForChoice(page, 'mentions');
    await page.keyboard.press('Enter');
    await waitForChoice(page, 'all');
    await waitForChoice(beside, 'all');
    await page.reload();
    await waitForChoice(page, 'all');
  });

  test('are offered once, after the first mention', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openNoting(t, url);
    await chooseName(page, 'Ada');
    await page.context().addInitScript(() => {
      Object.assign(Notification, { permission: 'default' });
      Object.assign(Notification, {
        async requestPermission() {
          Object.assign(Notification, { permission: 'granted' });
          return 'granted';
        },
      });
    });
    await page.reload();
    await waitForState(page, 'live');
    const other = await join(t, port, '/chat');
    await other.postAndReceive('hello');
    await waitForMessage(page, 'hello');
    const offer = page.getByText("Notify me when I'm mentioned?");
    assert.ok(await offer.isHidden());
    await other.postAndReceive('hello @Ada');
    await offer.waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
    await page.getByRole('button', { name: 'Yes' }).click();
    await waitForChoice(page, 'mentions');
    await offer.waitFor({ state: 'detached' });
    await page.reload();
    await waitForState(page, 'live');
    await other.postAndReceive('again @Ada');
    await waitForMessage(page, 'again @Ada');
    assert.ok(await offer.isHidden());
  });
});
