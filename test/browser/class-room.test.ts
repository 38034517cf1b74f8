import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { becomes, openMenu, openPage, waitForState } from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { suiteApp } from '../support/server.ts';
import { createGuest, signIn } from '../support/test-user.ts';

const app = suiteApp();
const PHONE = { viewport: { width: 390, height: 640 }, hasTouch: true, isMobile: true };

const view = (page: Page, name: string) => page.locator(`#views [data-view=${name}]`);
const question = (page: Page, place: string) => page.locator(`${place} .poll h2`);
const strip = (page: Page) => page.locator('#now-strip');

async function openClass(kind: 'chat' | 'class') {
  const { port, room } = app.newRoom();
  const ada = await signIn(port, `Ada ${room}`);
  await ada.createRoom(room, { kind });
  const ask = async (fields: object): Promise<number> => {
    await ada.command(room, { type: 'create-poll', options: ['a', 'b'], ...fields });
    const answer = await ada.get(`/rooms/${room}/messages`, { Accept: 'application/json' });
    return (await answer.json()).messages.at(-1).id;
  };
  return { port, room, ada, ask, url: `${app.url}/rooms/${room}` };
}

suite('A room for a class', () => {
  test('shows the running poll, the Q&A and the messages, each kept up to date', async (t) => {
    const { port, room, ada, ask, url } = await openClass('class');
    const ben = await openPage(t, url, PHONE);
    await waitForState(ben, 'live');
    await ben.getByText('Waiting for the host…').waitFor();
    assert.equal(await ben.locator('#message').isVisible(), false);
    assert.deepEqual(await accessibilityViolations(ben), []);

    const first = await ask({ question: 'One?' });
    await question(ben, '#now').getByText('One?').waitFor();
    await ben.getByText('Waiting for the host…').waitFor({ state: 'hidden' });
    await ben.locator('#now .option').first().click();
    await ben.locator('#now').getByText('Your vote is in').waitFor();
    await ben.locator('#now tr[data-option="0"][data-count="1"].chosen').waitFor();

    await ask({ question: 'Ask!', kind: 'q-and-a' });
    await view(ben, 'questions').click();
    await ben.locator('#questions input[name=suggestion]').fill('Why?');
    await ben.locator('#questions .suggest button').click();
    await ben.locator('#questions .questions li', { hasText: 'Why?' }).waitFor();
    await ben.locator('#open-questions', { hasText: '1' }).waitFor();
    assert.deepEqual(await accessibilityViolations(ben), []);

    // Messages are not read while they are not on the screen.
    const cy = await createGuest(port);
    await cy.postMessage(room, 'hello');
    await ben.locator('#unread-messages', { hasText: /\d/ }).waitFor();
    await view(ben, 'chat').click();
    await ben.locator('#messages').getByText('hello').waitFor();
    await ben.waitForFunction(() => document.getElementById('unread-messages')?.hidden);
    await ben.locator('#message').waitFor();
    assert.deepEqual(await accessibilityViolations(ben), []);
    const chosen = ben.locator(`#m-${first} tr.chosen`);
    // It is the same vote there.
    await becomes(() => chosen.getAttribute('data-option'), '0');

    await ada.command(room, { type: 'close-poll', id: first });
    await view(ben, 'now').click();
    await ben.getByText('Waiting for the host…').waitFor();
    await ben.locator('#now .poll[data-open=false]').waitFor();
    await ada.command(room, { type: 'set-poll-creators', creators: 'everyone' });
    await ben.getByText('No poll is running. Start one below.').waitFor();
    assert.equal(await ben.getByText('Waiting for the host…').isVisible(), false);
    await ben.reload();
    await ben.locator('#now .poll[data-open=false] tr.chosen').waitFor();
    assert.ok(await fits(ben));

    await ada.command(room, { type: 'set-kind', kind: 'chat' });
    await ben.locator('#message').waitFor();
    await view(ben, 'now').waitFor({ state: 'hidden' });
  });

  test('offers a muted user nothing that they may not do, and says why in each view', async (t) => {
    const { room, ada, ask, url } = await openClass('class');
    await ask({ question: 'Ask!', kind: 'q-and-a' });
    await ask({ question: 'One?' });
    await ada.postMessage(room, 'hello');
    const ben = await openPage(t, url);
    await waitForState(ben, 'live');
    const option = ben.locator('#now .option').first();
    const isEnabled = (is: boolean) =>
      ben.waitForFunction(
        (wanted) => document.querySelector<HTMLButtonElement>('#now .option')?.disabled !== wanted,
        is,
      );
    await isEnabled(true);
    const uid = await ben.getAttribute('.member.own', 'data-uid');
    await ada.command(room, { type: 'mute', uid });
    await isEnabled(false);
    const reason = ben.getByText("You're muted");
    await reason.waitFor();
    await ben.locator('#reaction-bar').waitFor({ state: 'hidden' });
    await view(ben, 'questions').click();
    await ben.locator('#questions h2', { hasText: 'Ask!' }).waitFor();
    await ben.locator('#questions .suggest').waitFor({ state: 'hidden' });
    await reason.waitFor();
    assert.deepEqual(await accessibilityViolations(ben), []);
    await view(ben, 'chat').click();
    const menu = await openMenu(ben, ben.locator('.message', { hasText: 'hello' }));
    const offered = await menu.locator('button:visible').allInnerTexts();
    assert.deepEqual(offered, ['Copy text', 'Copy link', 'Report…']);
    await ben.keyboard.press('Escape');
    await ada.command(room, { type: 'lift-restrictions', uid });
    await view(ben, 'now').click();
    await isEnabled(true);
    await option.click();
    await ben.locator('#now').getByText('Your vote is in').waitFor();
  });

  test('has a bar of reactions that everybody sees, and under reduced motion counts alone', async (t) => {
    const { url } = await openClass('class');
    const [ben, cy, stage] = await Promise.all([
      openPage(t, url, PHONE),
      openPage(t, url, { reducedMotion: 'reduce' }),
      openPage(t, `${url}/present`),
    ]);
    await Promise.all([waitForState(ben, 'live'), waitForState(cy, 'live')]);
    await stage.waitForSelector('#state[data-state=live]', { state: 'attached' });
    const rising = stage.waitForSelector('.rising', { state: 'attached' });
    const clap = ben.locator('#reaction-bar button[value="👏"]');
    for (let n = 0; n < 3; n += 1) await clap.tap();
    for (const page of [ben, cy]) {
      await page.locator('#reaction-bar button[value="👏"] .count', { hasText: '3' }).waitFor();
    }
    await rising;
    assert.equal(await cy.locator('.rising').count(), 0);
  });
});

suite('A room to chat', () => {
  test('has a line over the field that leads to the running poll, while that is out of view', async (t) => {
    const { port, room, ada, ask, url } = await openClass('chat');
    const ben = await openPage(t, url);
    await waitForState(ben, 'live');
    assert.equal(await strip(ben).isVisible(), false);
    const id = await ask({ question: 'Lunch?' });
    await question(ben, '#messages').waitFor();
    await ben.waitForFunction(() => document.getElementById('now-strip')?.hidden);
    const cy = await createGuest(port);
    await cy.postMessage(room, 'x\n'.repeat(60));
    await strip(ben).getByText('Now: Lunch?').waitFor();
    assert.deepEqual(await accessibilityViolations(ben), []);
    await strip(ben).click();
    await ben.waitForFunction(() => document.getElementById('now-strip')?.hidden);
    await ben.reload();
    await waitForState(ben, 'live');
    await ada.command(room, { type: 'close-poll', id });
    await ben.locator('#messages .poll[data-open=false]').waitFor();
    await strip(ben).waitFor({ state: 'hidden' });
  });
});
