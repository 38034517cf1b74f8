import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { browserPath } from '../../scripts/browsers.ts';
import type { TestBrowser } from './test-browser.ts';

/** Longer than a busy machine needs for anything that a test waits for. */
const TIMEOUT_MS = 100_000;
/** Between two looks at a page for which there is no event. */
const INTERVAL_MS = 20;

let browser: Promise<Browser> | undefined;

/** Headless Chromium, started once per test file and closed at its end. */
function launchedBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: browserPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
      // Sites of the tests, each a different one to the browser.
      '--host-resolver-rules=MAP *.example 127.0.0.1',
    ],
  });
  return browser;
}

after(async () => (await browser)?.close());

/**
 * Opens a page in its own browser context. An exception in it fails the test at its end, and so does
 * a violation of the content security policy, unless the page is expected to be blocked by it.
 */
export async function openPage(
  t: { after(fn: () => Promise<void>): void },
  url: string,
  options: BrowserContextOptions = {},
  { isBlocked = false } = {},
): Promise<Page> {
  const context = await (await launchedBrowser()).newContext({ locale: 'en-US', ...options });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (!isBlocked && /Content Security Policy/i.test(message.text())) errors.push(message.text());
  });
  t.after(async () => {
    await context.close();
    if (errors.length > 0) throw new Error(`In the page: ${errors.join('; ')}`);
  });
  await page.goto(url);
  return page;
}

/** Opens a page with the cookies of a browser: as a user who has signed in by a request. */
export function openPageAs(
  t: Parameters<typeof openPage>[0],
  url: string,
  user: TestBrowser,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const site = { domain: new URL(url).hostname, expires: -1, httpOnly: true, secure: false };
  const cookies = user
    .cookies()
    .map((cookie) => ({ ...cookie, ...site, sameSite: 'Lax' as const }));
  return openPage(t, url, { storageState: { cookies, origins: [] }, ...options });
}

/** Waits for the connection state. */
export function waitForState(
  page: Page,
  state: 'live' | 'connecting' | 'closed',
): Promise<unknown> {
  // On a narrow screen it is in the sidebar.
  return page.waitForSelector(`#state[data-state=${state}]`, { state: 'attached' });
}

/** Opens the menu of the room. */
export async function openRoomMenu(page: Page): Promise<Locator> {
  const menu = page.locator('#room-menu');
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
  return menu;
}

/** Opens the form for a new poll, from the menu of the composer. */
export async function openNewPoll(page: Page): Promise<void> {
  await page.click('#compose-menu summary');
  await page.click('#new-poll-link');
}

/** What the form for a new poll is filled in with. */
interface NewPoll {
  readonly kind?: string;
  readonly question: string;
  readonly options?: readonly string[];
}

/** Fills in the form for a new poll, on its page or in the sheet. */
export async function fillPoll(page: Page, { kind, question, options = [] }: NewPoll) {
  if (kind) await page.locator(`#poll-form [name=kind][value=${kind}]`).check({ force: true });
  await page.fill('#poll-form [name=question]', question);
  for (const [index, text] of options.entries()) {
    await page.locator('#poll-form [name=options]').nth(index).fill(text);
  }
}

/** Opens the settings that the form for a new poll folds. */
export function openPollSettings(page: Page): Promise<void> {
  return page.click('.poll-settings summary');
}

/** Starts the poll that was filled in. */
export function startPoll(page: Page): Promise<void> {
  return page.click('#poll-form .start');
}

/** Changes something in the settings of the page, and closes them. */
export async function inSettings(page: Page, change: () => Promise<unknown>): Promise<void> {
  if (!(await page.isVisible('#open-settings'))) await page.click('#open-sidebar');
  await page.click('#open-settings');
  await change();
  await page.keyboard.press('Escape');
  if (await page.isVisible('#close-sidebar')) await page.click('#close-sidebar');
}

/** Chooses a transport; an empty name is automatic. */
export function setTransport(page: Page, name: string): Promise<void> {
  return inSettings(page, () => page.selectOption('#transport', name));
}

/** Opens or closes the list of who is here. */
export async function togglePeople(page: Page): Promise<void> {
  const isOpen = await page.isVisible('#close-side');
  await page.click(isOpen ? '#close-side' : '#people-button');
}

/** Closes the connection with the button in the sidebar. */
export async function closeConnection(page: Page): Promise<void> {
  if (!(await page.isVisible('#close'))) await page.click('#open-sidebar');
  await page.click('#close');
  if (await page.isVisible('#close-sidebar')) await page.click('#close-sidebar');
}

export async function post(page: Page, text: string): Promise<void> {
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
}

/**
 * Waits until something that a page shows, or a server has stored, is as expected. What is wrong
 * until then is no failure: the page may show one thing a frame after another.
 * @throws AssertionError with what it was at last
 */
export async function becomes<T>(read: () => Promise<T> | T, expected: NoInfer<T>): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  let actual = await read();
  while (!isDeepStrictEqual(actual, expected) && Date.now() < end) {
    await setTimeout(INTERVAL_MS);
    actual = await read();
  }
  assert.deepEqual(actual, expected);
}

/** Waits until the last message on the page is this one. */
export function waitForMessage(page: Page, text: string): Promise<unknown> {
  return page.waitForFunction(
    (last) =>
      document.querySelector('.message:not(.pending):last-child > .body')?.textContent === last,
    text,
  );
}

/** Waits until the last message on the page of a room was seen there, and is kept as read. */
export function waitUntilRead(page: Page, room: string): Promise<unknown> {
  return page.waitForFunction((name) => {
    const last = document.querySelector('#messages > article:last-of-type')?.id.slice(2);
    return ['typhoon.seen', 'typhoon.seen-user'].some((key) =>
      localStorage.getItem(key)?.includes(`["${name}",${last}]`),
    );
  }, room);
}

/** The bodies of the messages on the page, in order. */
export function receivedMessages(page: Page): Promise<string[]> {
  return page.locator('.message:not(.pending) > .body').allTextContents();
}

/** The bodies of this page's own messages. */
export function ownMessages(page: Page): Promise<string[]> {
  return page.locator('.message.own:not(.pending) > .body').allTextContents();
}

/** The bodies of the pending messages, in order. */
export function pendingMessages(page: Page): Promise<string[]> {
  return page.locator('.message.pending > .body').allTextContents();
}

/** Opens another tab of the same browser. */
export async function openAnotherTab(page: Page, url: string): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  await waitForState(tab, 'live');
  return tab;
}

/** Runs an action that navigates, and waits until the new document is fully loaded. */
export async function navigate(page: Page, action: () => Promise<unknown>): Promise<void> {
  // What is loaded after this is no longer the document that the action leaves.
  await page.waitForLoadState();
  await Promise.all([page.waitForEvent('load'), action()]);
}

/** Fills in the sign-in form of the page, and submits it. */
export async function signIn(page: Page, name: string, password = ''): Promise<void> {
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', password);
  await navigate(page, () => page.click('form[action="/session"] button'));
}

/** Enters the room or server password that the page asks for. */
export async function enterPassword(page: Page, password: string): Promise<void> {
  await page.fill('[name=password]', password);
  await navigate(page, () => page.press('[name=password]', 'Enter'));
}

/** Signs in from the room, and comes back to it. */
export async function chooseName(page: Page, name: string): Promise<void> {
  await navigate(page, () => page.click('#me'));
  await signIn(page, name);
  await waitForState(page, 'live');
}

/** Creates a room from the list of rooms. */
export async function createRoom(
  page: Page,
  fields: { readonly title: string; readonly topic?: string; readonly password?: string },
  isListed = true,
): Promise<void> {
  const form = page.locator('form[action="/rooms"][method=post]');
  for (const [name, value] of Object.entries(fields)) {
    await form.locator(`[name=${name}]`).fill(value);
  }
  await form.locator('[name=listed]').setChecked(isListed);
  await navigate(page, () => form.getByRole('button').click());
}

/** A user's entry in the list of members. */
export function memberEntry(page: Page, name: string): Locator {
  return page.locator('#people-list .member', {
    has: page.locator('.who', { hasText: new RegExp(`^${name}$`) }),
  });
}

/** Waits until exactly these users are listed. */
export function waitForMembers(page: Page, ...names: readonly string[]): Promise<unknown> {
  return page.waitForFunction(
    (all) =>
      [...document.querySelectorAll('#people-list .who')]
        .map((who) => who.textContent)
        .toSorted()
        .join('|') === all.toSorted().join('|'),
    names,
  );
}

/** Hides the tab, as when another tab is in front of it, or shows it again. */
export function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

/** Waits until the page shows a system message. */
export function waitForSystemMessage(page: Page, what: string | RegExp): Promise<unknown> {
  return page.waitForFunction(
    ({ text, source }) =>
      [...document.querySelectorAll<HTMLElement>('.system-message p')]
        // Names are isolated from the text around them; the time follows it.
        .map(({ firstChild }) => firstChild?.textContent?.replace(/[\u2068\u2069]/g, '').trim())
        .some((line) => (source === '' ? line === text : new RegExp(source).test(line ?? ''))),
    typeof what === 'string' ? { text: what, source: '' } : { text: '', source: what.source },
  );
}

/** Opens the menu of a message. */
export async function openMenu(page: Page, message: Locator): Promise<Locator> {
  await message.hover();
  await message.locator('.message-menu-button').click();
  return page.locator('#message-menu');
}

/** Waits until the field has the text of the message to edit, which the page requests. */
export function waitForEditing(page: Page): Promise<unknown> {
  return page.waitForSelector('#message[data-editing]');
}

/** Deletes a message, and confirms it. */
export async function deleteMessage(page: Page, message: Locator): Promise<void> {
  const menu = await openMenu(page, message);
  await menu.locator('[value=delete]').click();
  await confirm(page);
}

/** Opens the menu of a poll, the last one on the page. */
export async function openPollMenu(page: Page): Promise<Locator> {
  const menu = page.locator('.poll-menu').last();
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
  return menu;
}

/** Confirms what the page asks. */
export async function confirm(page: Page): Promise<void> {
  await page.locator('dialog.confirmation button[value=confirmed]').click();
}
