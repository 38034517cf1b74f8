import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import {
  becomes,
  deleteMessage,
  openMenu,
  openPage,
  post,
  togglePeople,
  waitForEditing,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

const last = (page: Page): Locator => page.locator('.message').last();
const field = (page: Page): Promise<string> => page.inputValue('#message');

async function openTabs(t: Parameters<typeof openApp>[0]): Promise<readonly [Page, Page]> {
  const { url } = await openApp(t);
  const phone = { viewport: { width: 320, height: 640 }, locale: 'zh-CN' };
  const tabs = [await openPage(t, url), await openPage(t, url, phone)] as const;
  await Promise.all(tabs.map((tab) => waitForState(tab, 'live')));
  return tabs;
}

/** Posts a message, and waits until this page has it: one that is pending can't be edited. */
async function say(page: Page, text: string, shown = text): Promise<void> {
  await post(page, text);
  await waitForMessage(page, shown);
}

/** Waits until the last message has these reactions: the emoji, the count, and whether it is mine. */
function reactions(page: Page, ...expected: readonly string[]): Promise<unknown> {
  return page.waitForFunction(
    (all) =>
      [...document.querySelectorAll<HTMLElement>('.message:last-child .reaction')]
        .map((one) => {
          const count = one.querySelector('span')?.textContent;
          return `${(one as HTMLButtonElement).value}${count}${one.ariaPressed === 'true' ? '*' : ''}`;
        })
        .join() === all,
    expected.join(),
  );
}

suite('The author of a message', () => {
  test('edits it by the up arrow, and all see that and when', async (t) => {
    const [one, two] = await openTabs(t);
    await post(one, 'first');
    await say(one, 'a slipp *of* mine', 'a slipp of mine');
    await waitForMessage(two, 'a slipp of mine');
    await one.press('#message', 'ArrowUp');
    await waitForEditing(one);
    assert.equal(await field(one), 'a slipp *of* mine');
    assert.deepEqual(await accessibilityViolations(one), []);
    await one.keyboard.press('Escape');
    await one.locator('#composing').waitFor({ state: 'hidden' });
    assert.equal(await field(one), '');

    await one.fill('#message', 'a draft');
    const menu = await openMenu(one, last(one));
    await menu.getByRole('button', { name: 'Edit' }).click();
    await waitForEditing(one);
    await one.fill('#message', 'a slip');
    await one.keyboard.press('Enter');
    assert.equal(await field(one), 'a draft', 'what was there before comes back');
    await Promise.all([waitForMessage(one, 'a slip'), waitForMessage(two, 'a slip')]);
    const edited = last(two).locator('.edited');
    await edited.getByText('已编辑').waitFor();
    assert.match((await edited.locator('time').getAttribute('title')) ?? '', /^\d{4}年/);
    assert.ok(((await edited.locator('time').boundingBox())?.width ?? 0) <= 1);
    await last(two).hover();
    const isWide = async () => ((await edited.locator('time').boundingBox())?.width ?? 0) > 20;
    await becomes(isWide, true);
    assert.equal(await one.locator('.message').count(), 2);
  });

  test('has it saved when the connection is back, and sees a rejection', async (t) => {
    const [one, two] = await openTabs(t);
    await say(one, 'before');
    await waitForMessage(two, 'before');
    await one.press('#message', 'ArrowUp');
    await waitForEditing(one);
    await togglePeople(one);
    await one.evaluate(() => document.querySelector<HTMLElement>('#close')?.click());
    await waitForState(one, 'closed');
    await one.fill('#message', 'after');
    await one.press('#message', 'Enter');
    await one.getByText('Not saved yet').waitFor();
    assert.equal(await last(one).locator('.body').textContent(), 'before');
    await one.evaluate(() => document.querySelector<HTMLElement>('#connect')?.click());
    await Promise.all([waitForMessage(one, 'after'), waitForMessage(two, 'after')]);

    await one.press('#message', 'ArrowUp');
    await waitForEditing(one);
    await one.fill('#message', '/nothing');
    await one.press('#message', 'Enter');
    await one.getByRole('alert').getByText('Unknown command').waitFor();
    await becomes(() => field(one), '/nothing');
  });

  test('deletes it after a confirmation, by the keyboard, and quotes of it are removed', async (t) => {
    const [one, two] = await openTabs(t);
    await post(one, 'a secret');
    await waitForMessage(two, 'a secret');
    const menu = await openMenu(two, last(two));
    assert.ok(await menu.locator('[value=edit]').isHidden());
    assert.ok(await menu.locator('[value=delete]').isHidden());
    await menu.locator('[value=reply]').click();
    await post(two, 'an answer');
    await waitForMessage(one, 'an answer');
    assert.match((await last(one).locator('.quote').textContent()) ?? '', /a secret/);

    // The last is the way in; the arrow leads to the one before.
    await one.locator('.message[tabindex="0"]').focus();
    await one.keyboard.press('ArrowUp');
    await one.keyboard.press('Enter');
    await one.locator('#message-menu [value=delete]').focus();
    await one.keyboard.press('Enter');
    assert.deepEqual(await accessibilityViolations(one), []);
    await one.keyboard.press('Escape');
    assert.equal(await one.locator('.deleted').count(), 0);
    await deleteMessage(one, one.locator('.message').first());
    for (const page of [one, two]) {
      await page.waitForSelector('.message.deleted');
      await becomes(() => page.getByText('a secret').count(), 0);
      assert.equal(await page.locator('.message').count(), 2);
    }
  });
});

suite('A reader', () => {
  test('reacts with any emoji, is counted with others, and removes the reaction', async (t) => {
    const [one, two] = await openTabs(t);
    await say(one, 'good news');
    await waitForMessage(two, 'good news');
    await one.locator('.message').focus();
    await one.keyboard.press('Enter');
    await one.keyboard.press('Enter');
    await Promise.all([reactions(one, '👍1*'), reactions(two, '👍1')]);
    await last(two).locator('.reaction').click();
    await Promise.all([reactions(one, '👍2*'), reactions(two, '👍2*')]);
    assert.match((await last(one).locator('.reaction').getAttribute('title')) ?? '', /, /);

    const menu = await openMenu(two, last(two));
    await menu.locator('#more-emoji').click();
    assert.deepEqual(await accessibilityViolations(two), []);
    assert.ok(await fits(two));
    await menu.locator('input').fill('🦑');
    await menu.locator('input').press('Enter');
    await reactions(one, '👍2*', '🦑1');
    await last(one).locator('.reaction').first().focus();
    await one.keyboard.press('Enter');
    await Promise.all([reactions(one, '👍1', '🦑1'), reactions(two, '👍1*', '🦑1*')]);
    assert.deepEqual(await accessibilityViolations(one), []);
    await two.reload();
    await reactions(two, '👍1*', '🦑1*');
    await openMenu(two, last(two));
    await menu.locator('#more-emoji').click();
    await menu.locator('input').fill('no emoji');
    await menu.locator('input').press('Enter');
    await two.getByText('请选择一个表情。').waitFor();
  });

  test('replies to a message, and follows the quote back to it', async (t) => {
    const [one, two] = await openTabs(t);
    await post(one, 'Who comes?');
    for (let n = 0; n < 30; n += 1) await post(one, `more ${n}`);
    await waitForMessage(two, 'more 29');
    const menu = await openMenu(two, two.locator('.message').first());
    await menu.getByRole('button', { name: '回复' }).click();
    await two.locator('#composing').getByText('Who comes?').waitFor();
    await becomes(() => two.evaluate(() => document.activeElement?.id), 'message');
    assert.deepEqual(await accessibilityViolations(two), []);
    await post(two, 'I do');
    await waitForMessage(one, 'I do');
    assert.ok(await two.isHidden('#composing'), 'the next message answers none');
    const quote = last(one).locator('.quote');
    assert.match((await quote.textContent()) ?? '', /you\s+Who comes\?|guest.*Who comes\?/s);
    assert.match((await quote.getAttribute('href')) ?? '', /^\/rooms\/lobby\?at=1$/);
    await quote.click();
    await one.waitForFunction(() => document.activeElement?.id === 'm-1');
    await one.locator('#m-1').waitFor();
    assert.ok(await fits(two));
  });
});
