import { after } from 'node:test';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { browserPath } from '../../scripts/browsers.ts';

let browser: Promise<Browser> | undefined;

/** Headless Chromium, started once per test file and closed at its end. */
function launched(): Promise<Browser> {
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
 * A tab in a browser profile of its own. Any error in it (an exception, a violation of the policy,
 * unless the page is expected to be barred by it) fails the test that closes it.
 */
export async function openTab(
  t: { after(fn: () => Promise<void>): void },
  url: string,
  options: BrowserContextOptions = {},
  { isBarred = false } = {},
): Promise<Page> {
  const context = await (await launched()).newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('console', (message) => {
    if (!isBarred && /Content Security Policy/i.test(message.text())) wrongs.push(message.text());
  });
  t.after(async () => {
    await context.close();
    if (wrongs.length > 0) throw new Error(`In the page: ${wrongs.join('; ')}`);
  });
  await page.goto(url);
  return page;
}

/** Waits for the connection state. */
export function shows(page: Page, state: 'live' | 'connecting' | 'closed'): Promise<unknown> {
  return page.waitForSelector(`#state[data-state=${state}]`);
}

export async function say(page: Page, text: string): Promise<void> {
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
}

/** Waits until the last message on the page is this one. */
export function hears(page: Page, text: string): Promise<unknown> {
  return page.waitForFunction(
    (last) =>
      document.querySelector('.message:not(.pending):last-child > .body')?.textContent === last,
    text,
  );
}

/** The bodies of the messages on the page, in order. */
export function heard(page: Page): Promise<string[]> {
  return page.locator('.message:not(.pending) > .body').allTextContents();
}

/** The bodies of this page's own messages. */
export function own(page: Page): Promise<string[]> {
  return page.locator('.message.own:not(.pending) > .body').allTextContents();
}

/** The bodies of the pending messages, in order. */
export function waiting(page: Page): Promise<string[]> {
  return page.locator('.message.pending > .body').allTextContents();
}

/** Opens another tab of the same browser. */
export async function openBeside(page: Page, url: string): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  await shows(tab, 'live');
  return tab;
}

/** Does something that navigates, and waits until the new document is fully loaded. */
export async function follow(page: Page, act: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.waitForEvent('load'), act()]);
}

/** Fills in the sign-in form of the page, and submits it. */
export async function signIn(page: Page, name: string, password = ''): Promise<void> {
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', password);
  await follow(page, () => page.click('form[action="/session"] button'));
}

/** Enters the room or server password that the page asks for. */
export async function giveWord(page: Page, password: string): Promise<void> {
  await page.fill('[name=password]', password);
  await follow(page, () => page.press('[name=password]', 'Enter'));
}

/** Signs in from the room, and comes back to it. */
export async function takeName(page: Page, name: string): Promise<void> {
  await follow(page, () => page.click('#me'));
  await signIn(page, name);
  await shows(page, 'live');
}

/** Creates a room from the list of rooms. */
export async function makeRoom(
  page: Page,
  fields: { readonly name: string; readonly topic?: string; readonly password?: string },
  isListed = true,
): Promise<void> {
  const form = page.locator('form[action="/rooms"][method=post]');
  for (const [name, value] of Object.entries(fields)) {
    await form.locator(`[name=${name}]`).fill(value);
  }
  await form.locator('[name=listed]').setChecked(isListed);
  await follow(page, () => form.getByRole('button').click());
}

/** The entry of a user in the list of who is here. */
export function person(page: Page, name: string): Locator {
  return page.locator('#people-list .member', {
    has: page.locator('.who', { hasText: new RegExp(`^${name}$`) }),
  });
}

/** Waits until exactly these users are listed. */
export function lists(page: Page, ...names: readonly string[]): Promise<unknown> {
  return page.waitForFunction(
    (all) =>
      [...document.querySelectorAll('#people-list .who')]
        .map((who) => who.textContent)
        .join('|') === all.toSorted((a, b) => a.localeCompare(b)).join('|'),
    names,
  );
}

/** Hides the tab as though another one were in front of it, or shows it again. */
export function hide(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

/** Waits until the page shows this system message. */
export function acted(page: Page, what: string | RegExp): Promise<unknown> {
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

/** Deletes a message, and confirms it. */
export async function deleteMessage(page: Page, message: Locator): Promise<void> {
  const menu = await openMenu(page, message);
  await menu.locator('[value=delete]').click();
  await page.locator('#confirm-delete [value=delete]').click();
}
