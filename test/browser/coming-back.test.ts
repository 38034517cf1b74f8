import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { App } from '../../server/app.ts';
import { appender } from '../../server/features/appender.ts';
import { openDatabase } from '../../server/features/schema.ts';
import {
  becomes,
  openPage,
  setHidden,
  signIn,
  waitForMessage,
  waitForState,
  waitUntilRead,
} from '../support/browser.ts';
import { join as joinRoom } from '../support/client.ts';
import { posted, who } from '../support/events.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';

/** Rooms, and how many messages were posted there, each a minute after the one before. */
const ROOMS = { few: 60, many: 400, most: 30_000 } as const;
const START = Date.parse('2026-01-02T03:04:00Z');
/** The last message of a room that a reader has read. */
const READ = 10;

let app: App & { readonly port: number };
const cleanup: (() => void | Promise<void>)[] = [];

before(async () => {
  const scope = { after: (end: () => void | Promise<void>) => void cleanup.push(end) };
  const data = temporaryFolder(scope);
  const db = openDatabase(join(data, 'chat.sqlite'));
  const append = appender(db);
  for (const [room, count] of Object.entries(ROOMS)) {
    const events = Array.from({ length: count }, (_, n) => ({
      ...posted(`message ${n + 1}`, null, who('other')),
      room,
      at: START + n * 60_000,
    }));
    for (let from = 0; from < count; from += 500) append(events.slice(from, from + 500));
  }
  db.close();
  app = await openApp(scope, { data });
});

after(async () => {
  for (const end of cleanup.toReversed()) await end();
});

/** The page of a room, opened by a reader who read the first messages before. */
async function comeBack(
  t: TestContext,
  room: keyof typeof ROOMS,
  options: BrowserContextOptions = {},
) {
  const viewport = { width: 390, height: 700 };
  const page = await openPage(t, 'about:blank', { viewport, timezoneId: 'UTC', ...options });
  const response = await fetch(`${app.url}/rooms/${room}/messages?since=0&limit=${READ}`, {
    headers: { Accept: 'application/json' },
  });
  const { messages } = (await response.json()) as { messages: { id: number }[] };
  const first = (messages[0]?.id ?? 0) - 1;
  await page.context().addInitScript(
    ([name, id]) => {
      if (localStorage.getItem('typhoon.seen')) return;
      localStorage.setItem('typhoon.seen', JSON.stringify([[name, id]]));
    },
    [room, first + READ] as const,
  );
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(`${app.url}/rooms/${room}`);
  await waitForState(page, 'live');
  await page.locator('#unread-bar').waitFor();
  /** The number of the last message that is stored as read. */
  const readUpTo = async () =>
    ((await page.evaluate(
      (name) => new Map(JSON.parse(localStorage.getItem('typhoon.seen') ?? '[]')).get(name),
      room,
    )) as number) - first;
  return { page, requests, readUpTo };
}

/** The text of the message after the divider. */
function afterDivider(page: Page): Promise<string | null> {
  return page.locator('.unread-divider + .message > .body').textContent();
}

/** Whether the divider is on the screen. */
function isDividerInView(page: Page): Promise<boolean> {
  return page.locator('.unread-divider').evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const timeline = document.querySelector('#timeline')?.getBoundingClientRect();
    return !!timeline && top >= timeline.top && bottom <= timeline.bottom;
  });
}

function entitled(page: Page, title: RegExp): Promise<unknown> {
  return page.waitForFunction((pattern) => new RegExp(pattern).test(document.title), title.source);
}

/** A page of a signed-in user, on a device of its own. */
async function openDevice(t: TestContext, name: string, room: string): Promise<Page> {
  const page = await openPage(t, `${app.url}/sign-in`);
  await signIn(page, name, 'correct horse');
  await page.goto(`${app.url}/rooms/${room}`);
  await waitForState(page, 'live');
  return page;
}

test('A signed-in user has the same read position, counts and mentions on each device', async (t) => {
  const guest = await createGuest(app.port);
  for (const text of ['one', 'two']) await guest.postMessage('Team', text);
  const laptop = await openDevice(t, 'Ada', 'team');
  await waitForMessage(laptop, 'two');
  await waitUntilRead(laptop, 'team');
  await laptop.goto(`${app.url}/rooms/other`);
  await waitForState(laptop, 'live');
  for (let n = 1; n <= 40; n += 1) await guest.postMessage('team', `new ${n}`);
  await guest.postMessage('team', 'hello @Ada');

  const phone = await openDevice(t, 'Ada', 'other');
  const link = phone.locator('#room-links a[data-room=team]');
  const label = async () => (await link.innerText()).replace(/\s+/g, ' ');
  await becomes(label, 'team 41 new @1');
  assert.deepEqual(await accessibilityViolations(phone), []);
  await phone.goto(`${app.url}/rooms`);
  await phone.locator('a[data-room=team]', { hasText: /41 new\s*@1/ }).waitFor();
  await phone.goto(`${app.url}/rooms/other`);
  await waitForState(phone, 'live');
  await phone.keyboard.press('Alt+Shift+ArrowDown');
  await phone.waitForURL('**/rooms/team');
  await waitForState(phone, 'live');
  await phone.locator('#unread-since', { hasText: '41 new since' }).waitFor();
  await becomes(() => afterDivider(phone), 'new 1');

  await laptop.goto(`${app.url}/rooms/team`);
  await waitForState(laptop, 'live');
  await laptop.locator('#unread-bar').waitFor();
  await phone.click('#mark-as-read');
  await entitled(laptop, /^team · /);
  await laptop.locator('#unread-bar').waitFor({ state: 'hidden' });
  await guest.postMessage('team', 'after that');
  await entitled(laptop, /^\(1\) team · /);
  await phone.goto(`${app.url}/rooms/other`);
  await link.locator('.unread', { hasText: '1 new' }).waitFor();
});

test('What a guest had read is the user’s after signing in', async (t) => {
  const guest = await createGuest(app.port);
  for (let n = 1; n <= 60; n += 1) await guest.postMessage('signing-in', `message ${n}`);
  const page = await openPage(t, `${app.url}/rooms/signing-in`);
  await waitForState(page, 'live');
  await waitForMessage(page, 'message 60');
  await waitUntilRead(page, 'signing-in');
  await page.goto(`${app.url}/rooms`);
  await guest.postMessage('signing-in', 'since then');
  await page.goto(`${app.url}/sign-in`);
  await page.fill('[name=name]', 'Grace');
  // The server renders the page of the room before it stores what the guest had read, and the browser
  // shows it after the page before has learned that this was stored.
  const rendered = Promise.withResolvers<void>();
  const given = Promise.withResolvers<void>();
  await page.exposeFunction('given', given.resolve);
  await page.addInitScript(() => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (key, value) {
      setItem.call(this, key, value);
      if (key === 'typhoon.seen' && value === '[]') Reflect.get(window, 'given')();
    };
  });
  await page.route(/\/memberships/, async (route) => {
    if (route.request().method() === 'POST') await rendered.promise;
    await route.continue();
  });
  await page.route(/\/rooms\/signing-in$/, async (route) => {
    const response = await route.fetch();
    rendered.resolve();
    await given.promise;
    await route.fulfill({ response });
  });
  const merge = page.waitForRequest((request) => {
    return request.method() === 'POST' && request.url().includes('/memberships');
  });
  await page.click('form [type=submit]');
  await merge;
  await page.goto(`${app.url}/rooms/signing-in`);
  await waitForState(page, 'live');
  await waitForMessage(page, 'since then');
  assert.equal(await afterDivider(page), 'since then');
});

suite('A reader who comes back', () => {
  for (const [room, label, locale] of [
    ['many', '390 new since Jan 2, 03:14 AM', 'en-US'],
    ['most', '以来有 1,000+ 条新消息', 'zh-CN'],
  ] as const) {
    test(`is led to the first unread of ${ROOMS[room]} messages, by three requests`, async (t) => {
      const { page, requests, readUpTo } = await comeBack(t, room, { locale });
      await page.locator('#unread-since', { hasText: label }).waitFor();
      await becomes(() => afterDivider(page), `message ${READ + 1}`);
      await becomes(() => isDividerInView(page), true);
      await entitled(page, /^\(99\+\) /);
      const history = requests.filter((path) => /\/(messages|unread)$/.test(path));
      assert.ok(history.length <= 3, history.join());
      assert.ok((await page.locator('.message').count()) <= 300);
      assert.ok((await readUpTo()) < 40, 'what was not on the screen is unread');
      assert.ok(!(await page.isVisible('#newer')), 'the bar says it');
      assert.deepEqual(await accessibilityViolations(page), []);
      assert.ok(await fits(page));
    });
  }

  test('jumps to the latest, and what that skips is unread until it is marked', async (t) => {
    const { page, readUpTo } = await comeBack(t, 'many');
    const bar = page.locator('#unread-bar');
    await bar.getByRole('button', { name: 'Jump to latest' }).click();
    await waitForMessage(page, 'message 400');
    assert.ok((await readUpTo()) < 40, `${await readUpTo()}`);
    await entitled(page, /^\(99\+\) /);
    await bar.getByRole('button', { name: 'Jump to first unread' }).click();
    await page.getByText('message 12', { exact: true }).waitFor();
    await becomes(() => afterDivider(page), `message ${READ + 1}`);
    await page.reload();
    await waitForState(page, 'live');
    await bar.waitFor();
    await becomes(() => afterDivider(page), `message ${READ + 1}`);
    await page.getByRole('button', { name: 'Mark as read' }).press('Enter');
    await entitled(page, /^many · /);
    await becomes(async () => (await readUpTo()) >= 400, true);
    await bar.waitFor({ state: 'hidden' });
    await page.reload();
    await waitForState(page, 'live');
    await waitForMessage(page, 'message 400');
    await bar.waitFor({ state: 'hidden' });
    await entitled(page, /^many · /);
  });

  test('with Back is where they were in the room, wherever that is', async (t) => {
    const { page } = await comeBack(t, 'many');
    const place = () =>
      page.evaluate(() => {
        const top = document.querySelector('#timeline')?.getBoundingClientRect().top ?? 0;
        const tops = [...document.querySelectorAll('#messages > article')].map((article) => ({
          id: article.id,
          top: Math.round(article.getBoundingClientRect().top - top),
        }));
        return tops.find((article) => article.top >= 0);
      });
    await page.click('#unread-jump');
    await waitForMessage(page, 'message 400');
    await page.evaluate(() => {
      const timeline = document.querySelector('#timeline') as HTMLElement;
      timeline.scrollTop -= 2_000;
    });
    const before = await place();
    await page.goto(`${app.url}/rooms/few`);
    await waitForState(page, 'live');
    await page.goBack();
    await waitForState(page, 'live');
    await page.waitForFunction((id) => document.getElementById(id ?? '') !== null, before?.id);
    await becomes(place, before);
  });

  test('reads on to the end by scrolling, and then nothing is unread', async (t) => {
    const { page, readUpTo } = await comeBack(t, 'few');
    await page.locator('#unread-since', { hasText: /^50 new since / }).waitFor();
    await page.evaluate(async () => {
      const timeline = document.querySelector('#timeline') as HTMLElement;
      const isAtEnd = () => timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 1;
      while (!isAtEnd()) {
        timeline.scrollBy(0, timeline.clientHeight / 2);
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
      }
    });
    await entitled(page, /^few · /);
    await becomes(readUpTo, 60);
    await page.locator('#unread-bar').waitFor({ state: 'hidden' });
  });

  test('to a hidden tab, or after a lost connection, is where they left off', async (t) => {
    const { page } = await comeBack(t, 'few');
    await page.getByRole('button', { name: 'Mark as read' }).click();
    await page.getByRole('button', { name: 'Jump to latest' }).last().click();
    const other = await joinRoom(t, app.port, '/chat?room=few');
    const postMany = (prefix: string) =>
      other.postAndReceive(...Array.from({ length: 80 }, (_, n) => `${prefix} ${n + 1}`));
    await setHidden(page, true);
    await postMany('hidden');
    await entitled(page, /^\(80\) /);
    await setHidden(page, false);
    await page.locator('#unread-bar').waitFor();
    await becomes(() => afterDivider(page), 'hidden 1');
    await becomes(() => isDividerInView(page), true);
    await page.locator('#unread-since', { hasText: /^80 new since / }).waitFor();
    await entitled(page, /^\([4-7]\d\) /);

    await page.getByRole('button', { name: 'Mark as read' }).click();
    await page.getByRole('button', { name: 'Jump to latest' }).last().click();
    for (const transport of ['websocket', 'sse', 'long-polling', 'polling']) {
      await page.click('#open-sidebar');
      await page.click('#close');
      await postMany(transport);
      await page.evaluate((name) => {
        const select = document.querySelector('#transport') as HTMLSelectElement;
        select.value = name;
        select.dispatchEvent(new Event('change'));
      }, transport);
      await page.click('#connect');
      await page.click('#close-sidebar');
      await page.waitForSelector(`#state[data-transport=${transport}]`, { state: 'attached' });
      await page.locator('#unread-bar').waitFor();
      await becomes(() => afterDivider(page), `${transport} 1`);
      await becomes(() => isDividerInView(page), true);
      await page.getByRole('button', { name: 'Mark as read' }).click();
      await page.getByRole('button', { name: 'Jump to latest' }).last().click();
    }
  });
});
