import { after } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

let browser: Promise<Browser> | undefined;

/** Chromium, started once for a file of tests and ended after them. */
function launched(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
  return browser;
}

after(async () => (await browser)?.close());

/**
 * A tab in a browser of its own, as a person has it. What goes wrong in it (an exception, a
 * violation of the policy, unless the page `isBarred` by it) fails the test that closes it.
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

/** Waits for the sign of the state. */
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
    (last) => document.querySelector('.message:last-child > p')?.textContent === last,
    text,
  );
}

/** The bodies of the messages on the page, in their order. */
export function heard(page: Page): Promise<string[]> {
  return page.locator('.message > p').allTextContents();
}
