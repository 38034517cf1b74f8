import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  openPage,
  openPageAs,
  post,
  receivedMessages,
  waitForMembers,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';

const CODE = '```js\nconst answer = "42"; // so long\n```';
const WIDE = `\`\`\`\n${'x'.repeat(300)}\n\`\`\``;

/** Types as one does, key by key, at the end of what is there. */
function type(page: Page, text: string): Promise<void> {
  return page.locator('#message').pressSequentially(text);
}

const options = (page: Page) => page.locator('#completions [role=option]');

/** Waits until an option of this text is the one that Enter would take. */
function marks(page: Page, text: string): Promise<unknown> {
  return page.waitForFunction((shown) => {
    const id = document.querySelector('#message')?.getAttribute('aria-activedescendant');
    return document.getElementById(id ?? '')?.querySelector('b')?.textContent === shown;
  }, text);
}

suite('The text in the message field', () => {
  test('is completed by keys and by mouse, and a mention is marked for the mentioned user', async (t) => {
    const { url } = await openApp(t);
    const ada = await openPageAs(t, url, await signedIn(url, 'Ada'));
    const ben = await openPageAs(t, url, await signedIn(url, 'Ben of York'));
    await waitForMembers(ada, 'Ada', 'Ben of York');

    await type(ada, 'hi @be');
    await marks(ada, 'Ben of York');
    assert.deepEqual(await accessibilityViolations(ada), []);
    await ada.keyboard.press('Enter');
    assert.equal(await ada.inputValue('#message'), 'hi @"Ben of York" ');
    await ada.locator('#completions').waitFor({ state: 'hidden' });
    await ada.keyboard.press('Enter');
    await waitForMessage(ben, 'hi @Ben of York');
    await ben.waitForSelector('.message.mentions-me:not(.own)');
    assert.equal(await ada.locator('.mentions-me').count(), 0, 'to nobody else');
    await post(ben, 'I, @"Ben of York", am here');
    await waitForMessage(ben, 'I, @Ben of York, am here');
    assert.equal(await ben.locator('.mentions-me').count(), 1, 'and not from oneself');
    await ben.reload();
    await waitForState(ben, 'live');
    await ben.waitForSelector('.message.mentions-me:not(.own)');

    await type(ada, ':smile');
    await marks(ada, '😄');
    await ada.keyboard.press('ArrowDown');
    const second = await options(ada).nth(1).locator('b').textContent();
    await marks(ada, second ?? '');
    await ada.keyboard.press('ArrowUp');
    await ada.keyboard.press('Tab');
    assert.equal(await ada.inputValue('#message'), '😄 ');
    await type(ada, ':tada:');
    await ada.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('#message')?.value === '😄 🎉',
    );
    await ada.keyboard.press('Enter');
    await waitForMessage(ada, '😄 🎉');
    const size = (last: string) =>
      ada.locator(last).evaluate((body) => Number.parseFloat(getComputedStyle(body).fontSize));
    assert.ok(
      (await size('.message:last-child .body')) > 2 * (await size('.message .body >> nth=0')),
    );

    await type(ada, 'at @be');
    await marks(ada, 'Ben of York');
    await ada.keyboard.press('Escape');
    await becomes(() => options(ada).count(), 0);
    await type(ada, 'n');
    await ada.keyboard.press('Enter');
    await waitForMessage(ada, 'at @ben');

    await type(ada, '/');
    await options(ada).filter({ hasText: '/poll' }).click();
    assert.equal(await ada.inputValue('#message'), '/poll "');
    await ada.fill('#message', '/m');
    await marks(ada, '/me');
    for (const key of [{ isComposing: true }, { keyCode: 229 }]) {
      await ada.locator('#message').dispatchEvent('keydown', { key: 'Enter', ...key });
      assert.equal(await ada.inputValue('#message'), '/m', 'what is being composed is left alone');
    }
    await ada.keyboard.press('Enter');
    await type(ada, 'waves');
    await ada.keyboard.press('Enter');
    await ben.locator('.message.emote .body', { hasText: /^waves$/ }).waitFor();
    await ben.locator('.message.emote .who').waitFor();
  });

  test('marks mentions without a space after them, and no quoted mentions', async (t) => {
    const { url } = await openApp(t);
    const ann = await openPageAs(t, url, await signedIn(url, 'Ann'));
    const ming = await openPageAs(t, url, await signedIn(url, '小明'));
    await waitForMembers(ann, 'Ann', '小明');
    for (const text of [
      '> @小明 said',
      '`@小明`',
      '@小明你来回答',
      '请@小明看一下',
      'cc @Ann/@小明',
    ]) {
      await post(ann, text);
    }
    await ming.locator('.message', { hasText: 'cc' }).waitFor();
    const mentioned = await ming.locator('.mentions-me > .body').allTextContents();
    assert.deepEqual(mentioned, ['@小明你来回答', '请@小明看一下', 'cc @Ann/@小明']);
    const names = await ming.locator('.mentions-me .mention').allTextContents();
    assert.deepEqual(names, ['@小明', '@小明', '@Ann', '@小明']);
    await post(ming, "@Ann's turn");
    await waitForMessage(ann, "@Ann's turn");
    assert.equal(await ann.locator('.mentions-me .mention', { hasText: /^@Ann$/ }).count(), 1);
  });

  test('is sent as written by Enter where a list has opened by itself, until something is chosen in it', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url);
    await waitForState(page, 'live');
    for (const text of ['分数:100', '答案:水', '天气:晴']) {
      await type(page, text);
      await options(page).first().waitFor();
      await page.keyboard.press('Enter');
      await waitForMessage(page, text);
      await becomes(() => options(page).count(), 0);
    }
    await type(page, ':-P');
    await page.keyboard.press('Enter');
    await waitForMessage(page, ':-P');
    await type(page, '分数:100');
    await options(page).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await marks(page, '💯');
    await page.keyboard.press('Enter');
    assert.equal(await page.inputValue('#message'), '分数💯 ');
  });

  test('is shown as intended, in both languages, and fits', async (t) => {
    const { url } = await openApp(t);
    for (const [locale, width] of [
      ['en-US', 1280],
      ['zh-CN', 320],
    ] as const) {
      const page = await openPage(t, url, { locale, viewport: { width, height: 640 } });
      await waitForState(page, 'live');
      await post(page, CODE);
      await page.locator('.message:last-child .k', { hasText: 'const' }).waitFor();
      const colours = await page
        .locator('.message:last-child pre span')
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).color));
      assert.equal(new Set(colours).size, 4);
      await post(page, WIDE);
      await post(page, '**b** `c` [d](https://e.com)\n> f\n\n1. g\n2. h @somebody');
      await page.locator('.message:last-child ol').waitFor();
      await post(page, '1986. a\n123456789. b');
      await waitForMessage(page, 'ab');
      // The number begins where the list does, however long it is.
      const edges = await page.locator('.message:last-child li').evaluateAll((items) =>
        items.map((item) => {
          const [own, number] = [getComputedStyle(item), getComputedStyle(item, '::before')];
          return Number.parseFloat(own.paddingLeft) + Number.parseFloat(number.marginLeft);
        }),
      );
      assert.deepEqual(edges, [0, 0]);
      await post(page, '/help');
      await page.locator('dialog#help').waitFor();
      assert.deepEqual(await accessibilityViolations(page), [], locale);
      await page.keyboard.press('Enter');
      await page.locator('dialog#help').waitFor({ state: 'hidden' });
      assert.equal(await page.inputValue('#message'), '');
      await page.click('#compose-menu summary');
      await page.click('#help-link');
      await page.locator('dialog#help dd strong').waitFor();
      await page.keyboard.press('Escape');

      const count = (await receivedMessages(page)).length;
      await post(page, '/dance now');
      await page.waitForSelector('#error[data-code=unknown-command]');
      assert.match((await page.textContent('#error')) ?? '', /\/dance.*\/\//);
      await becomes(() => page.inputValue('#message'), '/dance now');
      await post(page, '//dance now');
      await waitForMessage(page, '/dance now');
      assert.equal((await receivedMessages(page)).length, count + 1);

      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await accessibilityViolations(page), [], `${locale}, ${colorScheme}`);
      }
      assert.ok(await fits(page));
    }
  });
});
