import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  confirm,
  fillPoll,
  openNewPoll,
  openPage,
  openRoomMenu,
  post,
  startPoll,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { suiteApp } from '../support/server.ts';

const app = suiteApp();

const texts = (page: Page) =>
  page
    .locator('#poll-form [name=options]')
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));

const paste = (page: Page, text: string) =>
  page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);

/** Whether a part of the page is on the screen, and nothing is over it. */
const isInView = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return there !== null && (element === there || element.contains(there));
  });

suite('The sheet for a new poll', () => {
  test('has a row for each option, and its button is always in view', async (t) => {
    const { room } = app.newRoom();
    const page = await openPage(t, `${app.url}/rooms/${room}`, {
      viewport: { width: 390, height: 640 },
    });
    await waitForState(page, 'live');
    await openNewPoll(page);
    await page.locator('#poll-form [name=question]:focus').waitFor();
    await page.keyboard.type('Which?');
    await page.keyboard.press('Enter');
    await page.keyboard.type('a');
    await page.keyboard.press('Enter');
    await paste(page, '- b\n- c\n- d\n- e\n- f');
    await becomes(() => texts(page), ['a', 'b', 'c', 'd', 'e', 'f']);
    await page.keyboard.press('Enter');
    await becomes(() => texts(page), ['a', 'b', 'c', 'd', 'e', 'f', '']);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('g');
    await becomes(() => texts(page), ['a', 'b', 'c', 'd', 'e', 'fg']);
    await page.getByRole('button', { name: 'Remove option 2' }).click();
    await becomes(() => texts(page), ['a', 'c', 'd', 'e', 'fg']);
    await page.locator('.add-option').click();
    await paste(page, Array.from({ length: 30 }, (_, n) => `${n}`).join('\n'));
    await becomes(async () => (await texts(page)).length, 20);
    await page.getByRole('alert').getByText('up to 20 options').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    for (const size of [
      { width: 390, height: 640 },
      { width: 320, height: 480 },
      { width: 1280, height: 800 },
    ]) {
      await page.setViewportSize(size);
      for (const part of ['#poll-form .start', '#close-poll-dialog']) {
        await becomes(() => isInView(page, part), true);
      }
      const width = await page
        .locator('#poll-dialog')
        .evaluate((one) => [
          one.scrollWidth - one.clientWidth,
          document.documentElement.scrollWidth - innerWidth,
        ]);
      assert.deepEqual(width, [0, 0]);
    }
  });

  test('keeps what is written when it is closed, and says in it what is wrong', async (t) => {
    const { room } = app.newRoom();
    const page = await openPage(t, `${app.url}/rooms/${room}`);
    await waitForState(page, 'live');
    await openNewPoll(page);
    await page.fill('#poll-form [name=question]', 'Which?');
    await page.keyboard.press('Escape');
    await page.click('#compose-menu summary');
    await page.getByRole('link', { name: 'Applause' }).click();
    await becomes(() => page.inputValue('#poll-form [name=question]'), 'Which?');
    await becomes(() => page.locator('#poll-form [value=applause]').isChecked(), true);
    await startPoll(page);
    await page.getByRole('alert').getByText('2–20 different options').waitFor();
    await page.locator('#poll-form label', { hasText: 'Rating' }).click();
    assert.equal(await page.locator('.option-rows').isVisible(), false);
    await startPoll(page);
    await page.locator('.poll h2', { hasText: 'Which?' }).waitFor();
    await page.locator('#poll-dialog').waitFor({ state: 'hidden' });
  });

  test('saves polls for later, which are ordered, edited, deleted and started', async (t) => {
    const { room } = app.newRoom();
    const page = await openPage(t, `${app.url}/rooms/${room}`, {
      viewport: { width: 390, height: 640 },
    });
    await waitForState(page, 'live');
    await openNewPoll(page);
    const prepared = page.locator('#prepared-polls li > a');
    for (const [n, question] of ['One?', 'Two?', 'Three?'].entries()) {
      await fillPoll(page, {
        kind: n === 1 ? 'rating' : 'choice',
        question,
        options: n === 1 ? [] : ['a', 'b'],
      });
      await page.click('#poll-form .save-for-later');
      await prepared.nth(n).waitFor();
      await becomes(() => page.inputValue('#poll-form [name=question]'), '');
    }
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.getByRole('button', { name: 'Move up: Three?' }).click();
    await page.waitForFunction(
      () => document.querySelector('#prepared-polls li:nth-child(2) > a')?.textContent === 'Three?',
    );
    await prepared.filter({ hasText: 'One?' }).click();
    await page.waitForFunction(
      () =>
        document.querySelector<HTMLInputElement>('#poll-form [name=question]')?.value === 'One?',
    );
    await page.fill('#poll-form [name=question]', 'First?');
    await page.click('#poll-form .save-for-later');
    await prepared.filter({ hasText: 'First?' }).waitFor();
    await page.getByRole('button', { name: 'Delete: Three?' }).click();
    await page.getByText('“Three?” will be deleted.').waitFor();
    await confirm(page);
    await page.waitForFunction(() => document.querySelectorAll('#prepared-polls li').length === 2);
    assert.equal(await page.locator('.poll').count(), 0);
    await page.fill('#poll-form [name=question]', 'Unfinished');
    await page.getByRole('button', { name: 'Start: First?' }).click();
    await page.locator('.poll h2', { hasText: 'First?' }).waitFor();
    await page.locator('#poll-dialog').waitFor({ state: 'hidden' });
    await (await openRoomMenu(page)).getByRole('link', { name: 'Prepared polls' }).click();
    await prepared.filter({ hasText: 'Two?' }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('#prepared-polls li').length === 1);
    await becomes(() => page.inputValue('#poll-form [name=question]'), 'Unfinished');
  });

  test('is filled in from a poll that was typed without quotes', async (t) => {
    const { room } = app.newRoom();
    const page = await openPage(t, `${app.url}/rooms/${room}`);
    await waitForState(page, 'live');
    await post(page, '/poll Is it boring? yes no');
    const alert = page.getByRole('alert');
    await alert.getByText('Put the question in quotes').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    await alert.getByRole('link', { name: 'Open the form' }).click();
    await page.locator('#poll-dialog').waitFor();
    await becomes(() => texts(page), ['yes', 'no', '', '']);
    await startPoll(page);
    await page.locator('.poll h2', { hasText: 'Is it boring?' }).waitFor();
    await becomes(() => page.inputValue('#message'), '');
  });
});
