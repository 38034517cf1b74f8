import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  openPage,
  openPageAs,
  post,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';
import { createGuest } from '../support/test-user.ts';
import { uploadFile } from '../support/uploads.ts';

/** A room with 300 messages, the first of which has a file and is pinned; and another room. */
async function openRooms(t: Parameters<typeof openPage>[0] & { after(end: () => void): void }) {
  const { url, port } = await openApp(t);
  const ada = await signedIn(url, 'Ada');
  await ada.post('/rooms', { name: 'team', listed: true });
  await ada.post('/rooms', { name: 'other', listed: true, title: 'The other room' });
  const guest = await createGuest(port);
  const { file } = await (await uploadFile(guest, 'map.txt', 'x', 'team')).json();
  const posted = await guest.post('/rooms/team/messages', {
    message: 'the needle',
    files: [file.id],
  });
  const { message } = await posted.json();
  await ada.post('/rooms/team/commands', { type: 'pin', id: message.id });
  for (let n = 1; n <= 300; n += 1) await guest.postMessage('team', `message ${n}`);
  await guest.postMessage('other', 'another needle');
  return { url, ada };
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

test('The tabs of the panel show people, pins, files and search beside the messages, by keyboard too.', async (t) => {
  const { url, ada } = await openRooms(t);
  const page = await openPageAs(t, `${url}/rooms/team`, ada, {
    viewport: { width: 1280, height: 800 },
  });
  await waitForState(page, 'live');
  const tabs = page.locator('#panel-tabs');
  const tab = (name: string) => tabs.getByRole('link', { name });
  await page.locator('#people-list .member').waitFor();
  assert.equal(await page.getAttribute('#people-button', 'aria-expanded'), 'true');

  await tab('Pinned').click();
  const pinned = page.locator('#panel-page').getByRole('link', { name: /the needle/ });
  await pinned.waitFor();
  await page.locator('#people-list').waitFor({ state: 'hidden' });
  await becomes(() => tab('Pinned').getAttribute('aria-current'), 'page');
  assert.deepEqual(await accessibilityViolations(page), [], 'pinned');
  // The message is far above what is loaded.
  await pinned.press('Enter');
  await page.locator('.message.marked', { hasText: 'the needle' }).waitFor();
  await page.waitForURL(/\?at=\d+$/);
  assert.ok(await pinned.isVisible(), 'the panel is still there');
  await page.waitForFunction(() => /^m-\d+$/.test(document.activeElement?.id ?? ''));

  await tab('Files').click();
  await page.locator('#panel-page .file', { hasText: 'map.txt' }).waitFor();
  assert.deepEqual(await accessibilityViolations(page), [], 'files');

  await page.click('#find');
  await page.waitForFunction(() => document.activeElement?.id === 'q');
  assert.deepEqual(await accessibilityViolations(page), [], 'search');
  await page.keyboard.type('needle');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#panel-list > li').length === 1);
  await becomes(() => page.textContent('#spoken'), '1 result');
  await becomes(() => focused(page), 'q');
  await page.locator('#panel-page').getByText('All rooms').click();
  await page.press('#q', 'Enter');
  await page.locator('#panel-list').getByText('The other room').waitFor();
  await page.fill('#q', 'message');
  await page.getByRole('radio', { name: 'This room' }).check();
  await page.press('#q', 'Enter');
  await page.waitForFunction(() => document.querySelectorAll('#panel-list > li').length === 20);
  await page.click('#panel-more');
  await page.waitForFunction(() => document.querySelectorAll('#panel-list > li').length === 40);
  assert.ok(await fits(page));
  const edges = await page
    .locator('#side :is(a, input, button, li):visible')
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().right));
  assert.ok(Math.max(...edges) <= 1280, `${Math.max(...edges)} px`);

  // The tab is the same after a reload, and closed by what opened it.
  await page.reload();
  await waitForState(page, 'live');
  await page.locator('#q').waitFor();
  await page.click('#find');
  await page.locator('#side').waitFor({ state: 'hidden' });
  await page.click('#people-button');
  await page.locator('#people-list .member').waitFor();

  await post(page, 'a message while it is open');
  await waitForMessage(page, 'a message while it is open');
});

test('On a phone the panel is a sheet over the whole screen, which a result leads out of.', async (t) => {
  const { url } = await openRooms(t);
  const page = await openPage(t, `${url}/rooms/team`, {
    ...{ viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true, locale: 'zh-CN' },
  });
  await waitForState(page, 'live');
  await page.click('#people-button');
  const side = page.locator('#side');
  await side.waitFor();
  const box = await side.boundingBox();
  assert.deepEqual([box?.x, box?.y, box?.width, box?.height], [0, 0, 390, 700]);
  assert.equal(await page.locator('main').evaluate((main) => (main as HTMLElement).inert), true);
  const heights = await page
    .locator('#side > .bar :is(a, button)')
    .evaluateAll((controls) => controls.map((control) => control.getBoundingClientRect().height));
  assert.ok(
    heights.every((height) => height >= 44),
    heights.join(),
  );
  await page.locator('#panel-tabs').getByText('搜索').click();
  await page.fill('#q', 'needle');
  await page.press('#q', 'Enter');
  await page.locator('#panel-list a').waitFor();
  assert.deepEqual(await accessibilityViolations(page), []);
  await page.locator('#panel-list a').click();
  await page.locator('.message.marked', { hasText: 'the needle' }).waitFor();
  await side.waitFor({ state: 'hidden' });
  await page.click('#people-button');
  await page.keyboard.press('Escape');
  await side.waitFor({ state: 'hidden' });
  await becomes(() => focused(page), 'people-button');
});

test('Without scripts the tabs are pages that lead to each other and to the room.', async (t) => {
  const { url } = await openRooms(t);
  const page = await openPage(t, `${url}/rooms/team`, { javaScriptEnabled: false });
  assert.ok(await page.locator('#side').isHidden());
  await page.click('#people-button');
  await page.click('#panel-tabs [data-panel=pinned]');
  await page.getByText('the needle').waitFor();
  await page.click('#panel-tabs [data-panel=files]');
  await page.getByText('map.txt').waitFor();
  await page.click('#panel-tabs [data-panel=search]');
  await page.fill('#q', 'needle');
  await page.getByText('All rooms').click();
  await page.press('#q', 'Enter');
  await page.getByText('The other room').click();
  await page.waitForURL(/\/rooms\/other\?at=\d+$/);
});
