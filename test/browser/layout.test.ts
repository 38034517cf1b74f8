import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  confirm,
  createRoom,
  enterPassword,
  fillPoll,
  memberEntry,
  navigate,
  openMenu,
  openPage,
  post,
  signIn,
  togglePeople,
  waitForState,
  waitForSystemMessage,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

const LONG = 'W'.repeat(30);

/** Sees that the page as it stands has no finding of axe-core, light and dark, and is not too wide. */
async function sees(page: Page, what: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  assert.deepEqual(await accessibilityViolations(page), [], what);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await accessibilityViolations(page, 'color-contrast'), [], `${what}, dark`);
  assert.ok(await fits(page), `${what} fits`);
}

suite('The pages for accounts and rooms', () => {
  // A width and a language do not depend on each other: two pages show both of each.
  for (const [locale, width] of [
    ['en-US', 1280],
    ['zh-CN', 320],
  ] as const) {
    test(`have no finding of axe-core, and fit: ${locale}, ${width} px`, async (t) => {
      const { url } = await openApp(t, { serverPassword: 'sesame' });
      const options = { locale, viewport: { width, height: 640 } };
      const [page, other] = [
        await openPage(t, `${url}/sign-in?next=/rooms`, options),
        await openPage(t, url, options),
      ];
      await sees(page, 'the password of the server');
      await enterPassword(page, 'sesame');
      await sees(page, 'signing in');
      await signIn(page, '-');
      await sees(page, 'a name that was refused');
      await signIn(page, LONG);
      await sees(page, 'no room');
      await createRoom(page, {
        title: 'W'.repeat(40),
        topic: `${LONG} `.repeat(6),
        password: 'tulip',
      });
      await waitForState(page, 'live');
      const room = page.url();
      await page.goto(`${url}/sign-in?next=/rooms`);
      await page.click('summary');
      await sees(page, 'signed in');

      await enterPassword(other, 'sesame');
      await other.goto(room);
      await sees(other, 'the password of the room');
      await enterPassword(other, 'rose');
      await sees(other, 'a wrong password');
      await enterPassword(other, 'tulip');
      await waitForState(other, 'live');
      await post(other, 'hello');

      await page.goto(room);
      await waitForState(page, 'live');
      if (width === 320) await togglePeople(page);
      await memberEntry(page, '.*').nth(1).waitFor();
      await other.locator('#message').pressSequentially('a');
      await page.waitForFunction(() => document.querySelector('#typing')?.textContent !== '');
      await sees(page, 'the room with its side');
      await page.locator('.member:not(.own) button').click();
      await sees(page, 'the menu of a user');
      await page.click('dialog [value=mute]');
      await waitForSystemMessage(page, /60|10/);
      if (width === 320) await togglePeople(page);
      const menu = await openMenu(page, page.locator('.message'));
      await menu.locator('#more-emoji').click();
      await sees(page, 'the menu of a message');
      await menu.locator('[value=delete]').click();
      await page.locator('dialog.confirmation').waitFor();
      await sees(page, 'the confirmation');
      await confirm(page);
      await page.waitForSelector('.message.deleted');
      await sees(page, 'the room with what was done');
      await post(page, `\`\`\`\n${'code '.repeat(80)}\n\`\`\``);
      const id = await page.locator('.message:has(pre):not(.pending)').getAttribute('id');
      await page.goto(`${room}/messages/${id?.slice(2)}`);
      await sees(page, 'a message with a long line of code');
      await page.goto(`${room}/new-poll`);
      await fillPoll(page, { question: 'Which? '.repeat(20), options: ['this', 'that'] });
      await navigate(page, () => page.click('.save-for-later'));
      await page.goto(`${room}/new-poll`);
      await page.locator('#prepared-polls[open]').waitFor();
      await sees(page, 'the prepared polls');
      await page.goto(`${room}/settings`);
      await sees(page, 'the settings of the room');
      await page.goto(`${url}/rooms`);
      await page.locator('#your-rooms').waitFor();
      await sees(page, 'the rooms of the user');
    });
  }
});
