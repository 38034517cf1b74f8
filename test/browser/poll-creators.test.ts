import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  createRoom,
  navigate,
  openPage,
  post,
  signIn,
  waitForState,
  waitForSystemMessage,
} from '../support/browser.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

/** The question on the stage of a projector; nothing where it invites. */
const staged = (page: Page) =>
  page.evaluate(() => document.querySelector('.poll.shown h2')?.textContent ?? '');

suite('Who can start polls', () => {
  test('is set by the owner; a rejected poll stays in the field, and the projector follows none', async (t) => {
    const { url } = await openApp(t);
    const ada = await openPage(t, `${url}/sign-in?next=/rooms`);
    await signIn(ada, 'Ada');
    await createRoom(ada, { title: 'class' });
    await waitForState(ada, 'live');
    const ben = await openPage(t, `${url}/rooms/class`);
    await waitForState(ben, 'live');
    await ben.waitForSelector('body.polls-restricted');
    for (const page of [ada, ben]) await page.click('#compose-menu summary');
    assert.equal(await ben.locator('#new-poll-link').isVisible(), false);
    assert.equal(await ada.locator('#new-poll-link').isVisible(), true);
    await post(ben, '/poll "Boring?" yes | no');
    await ben.getByRole('alert').getByText('Only moderators can start polls').waitFor();
    await becomes(() => ben.inputValue('#message'), '/poll "Boring?" yes | no');

    const stage = await ada.context().newPage();
    await stage.goto(`${url}/rooms/class/present`);
    await stage.waitForSelector('#state[data-state=live]', { state: 'attached' });
    const settings = await ada.context().newPage();
    await settings.goto(`${url}/rooms/class/settings`);
    assert.deepEqual(await accessibilityViolations(settings), []);
    const choose = async (creators: string) => {
      await settings.selectOption('[name=creators]', creators);
      const save = settings.locator('#room-settings').getByRole('button', { name: 'Save' });
      await navigate(settings, () => save.click());
      assert.equal(await settings.inputValue('[name=creators]'), creators);
    };
    await choose('everyone');
    await waitForSystemMessage(ben, 'Ada allowed everyone to start polls.');
    await ben.click('#compose-menu summary');
    await ben.locator('#new-poll-link').waitFor();
    await ben.press('#message', 'Enter');
    await becomes(() => staged(stage), 'Boring?');

    await choose('moderators');
    await stage.waitForSelector('body.idle');
    await post(ada, '/poll "Photosynthesis?" yes | no');
    await becomes(() => staged(stage), 'Photosynthesis?');
    await stage.keyboard.press('ArrowLeft');
    await becomes(() => staged(stage), 'Boring?');
    await stage.keyboard.press('ArrowRight');
    await becomes(() => staged(stage), 'Photosynthesis?');
  });
});
