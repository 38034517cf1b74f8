import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  navigate,
  openMenu,
  openNewPoll,
  openPage,
  openRoomMenu,
  post,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

const PHONE = { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true } as const;

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

suite('The room on a desk', () => {
  test('The sidebar lists the visited rooms, without scripts too, and keys lead to them.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/rooms/alpha`);
    await waitForState(page, 'live');
    await page.goto(`${url}/rooms/beta`);
    await waitForState(page, 'live');
    const rooms = page.locator('#room-links a');
    assert.deepEqual(await rooms.locator('bdi').allTextContents(), ['alpha', 'beta']);
    assert.equal(await page.locator('#room-links [aria-current=page] bdi').textContent(), 'beta');
    await navigate(page, () => page.keyboard.press('Alt+ArrowUp'));
    assert.equal(new URL(page.url()).pathname, '/rooms/alpha');
    await waitForState(page, 'live');
    await page.keyboard.press('Control+k');
    await page.locator('#room-jump').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.keyboard.type('BET');
    await navigate(page, () => page.keyboard.press('Enter'));
    assert.equal(new URL(page.url()).pathname, '/rooms/beta');

    const plain = await openPage(t, `${url}/rooms/alpha`, { javaScriptEnabled: false });
    await plain.goto(`${url}/rooms/beta`);
    await navigate(plain, () => plain.locator('#room-links a').first().click());
    assert.equal(new URL(plain.url()).pathname, '/rooms/alpha');
  });

  test('The panel is closed, and stays closed after a reload.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await page.click('#close-side');
    await page.locator('#side').waitFor({ state: 'hidden' });
    await becomes(() => focused(page), 'people-button');
    await page.reload();
    await waitForState(page, 'live');
    await page.locator('#side').waitFor({ state: 'hidden' });
    await page.click('#people-button');
    await page.locator('#people-list .member').waitFor();
  });

  test('The bar at a message reacts, replies and opens the menu; at rest there is none.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    for (const text of ['one', 'two']) await post(page, text);
    await waitForMessage(page, 'two');
    await page.mouse.move(0, 0);
    await becomes(() => page.locator('#message-bar').count(), 0);
    const message = page.locator('.message').first();
    await message.hover();
    await message.getByRole('button', { name: 'React with 👍' }).click();
    await message.locator('.reaction[aria-pressed=true]').waitFor();
    assert.match((await message.getAttribute('aria-label')) ?? '', /^you \w{6}, \d\d:\d\d/);
    await message.getByRole('link', { name: /^More actions for you \w{6}, / }).click();
    await page.keyboard.press('Escape');
    await message.getByRole('button', { name: 'Reply' }).click();
    await page.locator('#composing').waitFor();
    await becomes(() => focused(page), 'message');
  });

  test('The list of messages is one Tab stop; the arrow keys lead through it, and Esc out of it.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    for (const text of ['https://a.example', 'https://b.example', 'last']) await post(page, text);
    await waitForMessage(page, 'last');
    await page.waitForSelector('.message[tabindex="0"] >> text=last');
    const last = await page.locator('.message').last().getAttribute('id');
    await page.locator('#room-menu summary').focus();
    await page.keyboard.press('Tab');
    await becomes(() => focused(page), last ?? undefined);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    const first = await page.locator('.message').first().getAttribute('id');
    await becomes(() => focused(page), first ?? undefined);
    const stops = await page
      .locator('#messages a')
      .evaluateAll((links) => links.filter((link) => (link as HTMLElement).tabIndex === 0).length);
    assert.equal(stops, await page.locator('.message').first().locator('a').count());
    await page.keyboard.press('Enter');
    await page.locator('#message-menu').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await becomes(() => focused(page), 'message');
    await page.reload();
    await waitForState(page, 'live');
    await page.locator('#room-menu summary').focus();
    await page.keyboard.press('Tab');
    await becomes(() => focused(page), last ?? undefined);
  });

  test('A group has one disc with the initials, and a day has one divider.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/sign-in?next=/`);
    await page.fill('[name=name]', 'Ana López');
    await navigate(page, () => page.click('form[action="/session"] button'));
    await waitForState(page, 'live');
    for (const text of ['one', 'two']) await post(page, text);
    await waitForMessage(page, 'two');
    const discs = await page
      .locator('.message > header')
      .evaluateAll((headers) =>
        headers.map((header) => getComputedStyle(header, '::before').content),
      );
    assert.match(discs[0] ?? '', /AL/);
    await becomes(() => page.locator('.message.continued').count(), 1);
    assert.deepEqual(await page.locator('.day').allTextContents(), ['Today']);
  });

  test('The button to the end is there when it is more than a screen away.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, { viewport: { width: 1000, height: 500 } });
    await waitForState(page, 'live');
    await post(page, Array.from({ length: 90 }, (_, n) => `${n}`).join('\n'));
    await page.waitForSelector('.message.own:not(.pending)');
    await page.locator('#to-end').waitFor({ state: 'hidden' });
    await page.evaluate(() => document.querySelector('#timeline')?.scrollTo({ top: 0 }));
    await page.click('#to-end');
    await page.locator('#to-end').waitFor({ state: 'hidden' });
    await becomes(() => focused(page), 'message');
  });

  test('A theme that is chosen applies at once, to the colour around the page too, and so does a language.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    await page.click('#open-settings');
    const colours = () =>
      page.evaluate(() => [
        getComputedStyle(document.querySelector('#settings') as Element).backgroundColor,
        [...document.querySelectorAll<HTMLMetaElement>('[name=theme-color]')]
          .filter(({ media }) => matchMedia(media).matches)
          .map(({ content }) => content)
          .join(),
      ]);
    const dark = ['rgb(27, 38, 44)', '#1b262c'];
    await becomes(colours, ['rgb(255, 255, 255)', '#ffffff']);
    await page.selectOption('#theme', 'dark');
    await becomes(colours, dark);
    await page.mouse.click(5, 5);
    // A click outside closes it.
    await page.locator('#settings').waitFor({ state: 'hidden' });
    await page.reload();
    await becomes(colours, dark);
    // A language is one of the texts that the server renders: the page is loaded again.
    await page.click('#open-settings');
    await navigate(page, () => page.selectOption('#language', 'zh'));
    assert.equal(await page.getAttribute('html', 'lang'), 'zh');
    assert.equal(new URL(page.url()).search, '');
    await becomes(colours, dark);
  });

  test('A block of code is copied by its button.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await waitForState(page, 'live');
    await page.fill('#message', '```js\nconst a = 1;\n```');
    await page.click('#send');
    const button = page.locator('.copy-code');
    await button.click();
    await page.locator('.copy-code', { hasText: 'Copied' }).waitFor();
    const copied = async () => {
      await page.fill('#message', '');
      await page.press('#message', 'ControlOrMeta+V');
      return page.inputValue('#message');
    };
    assert.equal(await copied(), 'const a = 1;');
    await (await openMenu(page, page.locator('.message'))).locator('[value=copy]').click();
    await page.locator('.toast', { hasText: 'Copied' }).waitFor();
    assert.equal((await copied()).trim(), 'const a = 1;', 'without the label of the button');
  });

  test('The menus of the room and of the composer close on Esc and on a click elsewhere.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    const menu = await openRoomMenu(page);
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.keyboard.press('Escape');
    await becomes(() => menu.getAttribute('open'), null);
    await page.click('#compose-menu summary');
    await page.click('#timeline');
    await becomes(() => page.locator('#compose-menu').getAttribute('open'), null);
    await openNewPoll(page);
    await page.locator('#poll-dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.click('#pick-emoji');
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.locator('#emoji-picker [value="🎉"]').click();
    await becomes(() => page.inputValue('#message'), '🎉');
  });
});

suite('The room on a phone', () => {
  test('The sidebar is a modal sheet, which its button, the scrim and Esc close.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, PHONE);
    await waitForState(page, 'live');
    const sidebar = page.locator('#sidebar');
    const box = await page.locator('body > .bar').boundingBox();
    assert.equal(box?.height, 52);
    assert.ok(await sidebar.isHidden());
    const ways = [
      () => page.click('#close-sidebar'),
      () => page.locator('.scrim').click({ position: { x: 380, y: 300 } }),
      () => page.keyboard.press('Escape'),
    ];
    for (const close of ways) {
      await page.click('#open-sidebar');
      await sidebar.waitFor();
      assert.ok(await page.locator('#close').isVisible());
      assert.equal(
        await page.locator('main').evaluate((main) => (main as HTMLElement).inert),
        true,
      );
      await close();
      await sidebar.waitFor({ state: 'hidden' });
      await becomes(() => focused(page), 'open-sidebar');
    }
    await page.click('#open-sidebar');
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  test('A tap on a message opens its menu as a sheet at the bottom, with rows of 48 px.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, PHONE);
    await waitForState(page, 'live');
    await page.fill('#message', 'tapped');
    await page.click('#send');
    await waitForMessage(page, 'tapped');
    await page.tap('.message .body');
    const menu = page.locator('#message-menu');
    await menu.waitFor();
    const box = await menu.boundingBox();
    assert.equal(Math.round((box?.y ?? 0) + (box?.height ?? 0)), 700);
    const row = await menu.locator('[value=reply]').boundingBox();
    assert.ok((row?.height ?? 0) >= 48);
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
  });

  test('What is touched is at least 44 px high.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, PHONE);
    await waitForState(page, 'live');
    await page.click('#open-sidebar');
    await page.locator('#sidebar').waitFor();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, summary, select')]
        .map((control) => ({
          id: control.id || control.className,
          box: control.getBoundingClientRect(),
        }))
        .filter(({ id, box }) => id !== 'skip' && box.height > 0 && box.height < 44)
        .map(({ id, box }) => `${id} ${box.height}`),
    );
    assert.deepEqual(small, []);
  });

  test('Without scripts the sidebar is shown by its link, and closed by another.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, { ...PHONE, javaScriptEnabled: false });
    await page.click('#open-sidebar');
    await page.locator('#room-links').waitFor();
    await page.click('#close-sidebar');
    await page.locator('#sidebar').waitFor({ state: 'hidden' });
  });

  test('A phone that cannot reach the server says so above the composer.', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, PHONE);
    await waitForState(page, 'live');
    assert.ok(await page.locator('#offline').isHidden());
    await page.click('#open-sidebar');
    await page.click('#close');
    await page.click('#close-sidebar');
    await page.locator('#offline').getByText('Disconnected').waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.locator('#offline button').click();
    await waitForState(page, 'live');
    await page.locator('#offline').waitFor({ state: 'hidden' });
  });
});
