import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  becomes,
  confirm,
  fillPoll,
  openNewPoll,
  openPage,
  openPollMenu,
  openPollSettings,
  post,
  startPoll,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

const option = (page: Page, index: number) => page.locator(`.poll button[value="${index}"].option`);

/** Waits until the table of the last poll shows these counts. */
function counts(page: Page, ...expected: readonly number[]): Promise<unknown> {
  return page.waitForFunction((all) => {
    const rows = [...document.querySelectorAll<HTMLElement>('.poll:last-child tr[data-count]')];
    return rows.map(({ dataset }) => dataset.count).join() === all;
  }, expected.join());
}

/** How high each column of the chart is, in pixels of its colour. */
function heights(page: Page): Promise<number[]> {
  return page.locator('.poll canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data, width, height } =
      canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ??
      new ImageData(1, 1);
    return ['0,114,178', '230,159,0', '0,158,115'].map((colour) => {
      let most = 0;
      for (let x = 0; x < width; x += 2) {
        let count = 0;
        for (let y = 0; y < height; y += 1) {
          const at = 4 * (y * width + x);
          if ([...data.subarray(at, at + 3)].join() === colour) count += 1;
        }
        most = Math.max(most, count);
      }
      return most;
    });
  });
}

suite('A poll on the page', () => {
  test('is cleared once that is confirmed, and no own choice stays marked', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await post(one, '/poll "Which?" a | b');
    await option(one, 0).click();
    await option(two, 0).click();
    await Promise.all([counts(one, 2, 0), counts(two, 2, 0)]);
    await (await openPollMenu(one)).getByRole('button', { name: 'Clear votes' }).click();
    await one.getByText("2 votes will be deleted. This can't be undone.").waitFor();
    assert.deepEqual(await accessibilityViolations(one), []);
    await one.locator('dialog').getByRole('button', { name: 'Cancel' }).click();
    await counts(one, 2, 0);
    await (await openPollMenu(one)).getByRole('button', { name: 'Clear votes' }).click();
    await confirm(one);
    await one.getByRole('status').getByText('Votes cleared.').waitFor();
    await Promise.all([counts(one, 0, 0), counts(two, 0, 0)]);
    for (const page of [one, two]) {
      await becomes(() => option(page, 0).getAttribute('aria-pressed'), 'false');
      await becomes(() => page.locator('.vote-receipt').count(), 0);
    }
    await option(two, 1).click();
    await counts(one, 0, 1);
    await becomes(() => option(two, 1).getAttribute('aria-pressed'), 'true');
  });

  test('has rows to touch, with the bar behind the text, that do not touch each other', async (t) => {
    const { url } = await openApp(t);
    const viewport = { width: 320, height: 740 };
    const page = await openPage(t, url, { viewport, hasTouch: true, isMobile: true });
    await waitForState(page, 'live');
    for (const [index, question] of ['One?', 'Two?'].entries()) {
      await page.fill('#message', `/poll "${question}" a | b`);
      await page.click('#send');
      await page.locator('.poll').nth(index).waitFor();
    }
    const row = page.locator('.poll').last().locator('tr').first();
    // Far from the text, too.
    const box = await row.boundingBox();
    assert.ok(box);
    await page.touchscreen.tap(box.x + box.width - 8, box.y + box.height / 2);
    await counts(page, 1, 0);
    const sizes = await page.evaluate(() => {
      const boxOf = (element: Element | null | undefined) =>
        element?.getBoundingClientRect() ?? new DOMRect();
      const [first, second] = [...document.querySelectorAll('.poll')];
      const row = second?.querySelector('tr');
      const [meter, card] = [boxOf(row?.querySelector('meter')), boxOf(second)];
      return {
        rowHeight: boxOf(row).height,
        isBarTheGround: meter.height >= boxOf(row).height - 2,
        gap: card.top - boxOf(first).bottom,
        isWide: boxOf(row).width > 0.8 * boxOf(second?.querySelector('.poll-card')).width,
        overflow: document.documentElement.scrollWidth - innerWidth,
        menu: boxOf(second?.querySelector('summary')).height,
      };
    });
    assert.ok(sizes.rowHeight >= 48 && sizes.isBarTheGround && sizes.isWide, JSON.stringify(sizes));
    assert.ok(sizes.gap >= 16 && sizes.overflow <= 0 && sizes.menu >= 44, JSON.stringify(sizes));
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  test('is voted in by click, double click and keys; votes are changed and removed', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await post(one, '/poll "Which?" a | b | c');
    await option(one, 0).click();
    await option(two, 1).dblclick();
    await Promise.all([counts(one, 1, 1, 0), counts(two, 1, 1, 0)]);
    await becomes(() => option(two, 1).getAttribute('aria-pressed'), 'true');
    assert.equal(await option(one, 1).getAttribute('aria-pressed'), 'false');
    await option(one, 2).focus();
    await one.keyboard.press('Enter');
    await Promise.all([counts(one, 0, 1, 1), counts(two, 0, 1, 1)]);
    await option(one, 1).focus();
    await one.keyboard.press('Space');
    await Promise.all([counts(one, 0, 2, 0), counts(two, 0, 2, 0)]);
    await two.reload();
    await two.waitForSelector('.poll button[value="1"][aria-pressed=true]');
    await option(two, 1).click();
    await option(one, 0).click();
    await counts(one, 1, 1, 0);
    assert.equal(await option(two, 1).getAttribute('aria-pressed'), 'true', 'the vote stays');
    await two.getByText('Your vote is in. You can change it.').waitFor();
    await (await openPollMenu(two)).getByRole('button', { name: 'Remove my vote' }).click();
    await counts(one, 1, 0, 0);
    await becomes(() => two.locator('.vote-receipt').count(), 0);
    await becomes(() => two.locator('.poll-menu[open]').count(), 0);
    await (await openPollMenu(two)).getByRole('link', { name: 'CSV' }).focus();
    await two.keyboard.press('Escape');
    await becomes(() => two.locator('.poll-menu[open]').count(), 0);
    // Esc closes only it.
    await becomes(() => two.locator('.poll-menu summary:focus').count(), 1);
    await becomes(() => one.textContent('.voters'), '1 of 2 voted');
  });

  test('has a menu that is shown as a whole, where there is little room and where there is less', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, { viewport: { width: 390, height: 640 } });
    await waitForState(page, 'live');
    for (let n = 0; n < 12; n += 1) await post(page, `${n}`);
    await post(page, '/poll "Which?" a | b');
    for (const height of [640, 480]) {
      await page.setViewportSize({ width: 390, height });
      await openPollMenu(page);
      await page.waitForFunction(() => {
        const list = document.querySelector('.poll-menu[open] ul')?.getBoundingClientRect();
        const frame = document.getElementById('timeline')?.getBoundingClientRect();
        return list && frame && list.top >= frame.top && list.bottom <= frame.bottom;
      });
      await page.keyboard.press('Escape');
    }
  });

  test('is drawn with its counts, and its kind of chart is stored', async (t) => {
    const { url, port } = await openApp(t);
    const page = await openPage(t, url, { reducedMotion: 'reduce' });
    await waitForState(page, 'live');
    await post(page, '/poll "Which?" a | b | c');
    await page.waitForSelector('.poll');
    for (const index of [0, 0, 0, 0, 1, 1]) {
      const voter = await join(t, port, '/rooms/lobby/live');
      voter.send(JSON.stringify({ type: 'set-votes', id: 1, options: index }));
    }
    await counts(page, 4, 2, 0);
    await openPollMenu(page);
    await page.selectOption('.chart-kind', 'columns');
    const isTwice = async () => {
      const [a = 0, b = 0, c = 0] = await heights(page);
      return a > 50 && Math.abs(a - 2 * b) <= 4 && c === 0;
    };
    await becomes(isTwice, true);
    await option(page, 2).click();
    await counts(page, 4, 2, 1);
    const isInProportion = async () => {
      const [first = 0, , third = 0] = await heights(page);
      return first > 50 && Math.abs(first - 4 * third) <= 8;
    };
    await becomes(isInProportion, true);
    for (const kind of ['pie', 'over-time']) {
      await openPollMenu(page);
      await page.selectOption('.chart-kind', kind);
      await page.locator('.poll figure canvas').waitFor();
    }
    await page.reload();
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>('.chart-kind')?.value === 'over-time',
    );
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  test('with eight long options has all of them in view next to a pie, wrapped', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, url, { viewport: { width: 360, height: 740 } });
    await waitForState(page, 'live');
    const answers = Array.from(
      { length: 8 },
      (_, n) => `answer ${n} ${'that is rather long '.repeat(4)}`,
    );
    await post(page, `/poll "Which?" ${answers.join(' | ')}`);
    await page.waitForSelector('.poll');
    await option(page, 0).click();
    await page.waitForSelector('.poll [data-count="1"]');
    await openPollMenu(page);
    await page.selectOption('.chart-kind', 'pie');
    await page.locator('.legend li').nth(7).waitFor();
    const shown = await page.locator('.legend li').evaluateAll((entries) =>
      entries.map((entry) => {
        const { left, right } = entry.getBoundingClientRect();
        const isWhole = left >= 0 && right <= innerWidth && entry.scrollWidth <= entry.clientWidth;
        return `${entry.textContent?.trim()} ${isWhole}`;
      }),
    );
    assert.deepEqual(
      shown,
      answers.map((answer, index) => `${answer.trim()}${index === 0 ? 1 : 0} true`),
    );
    await openPollMenu(page);
    await page.selectOption('.chart-kind', 'columns');
    await page.waitForFunction(() => document.querySelector('.legend') === null);
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  test('is created in a dialog, with several choices, and closed only by its author', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url, { locale: 'zh-CN' }), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await openNewPoll(one);
    assert.deepEqual(await accessibilityViolations(one), []);
    await fillPoll(one, { question: '怎么样？', options: ['好', '一般', '不好'] });
    await openPollSettings(one);
    await one.fill('[name=maxChoices]', '2');
    await one.selectOption('[name=resultsVisibility]', 'after-close');
    await startPoll(one);
    await two.locator('.poll label').nth(0).click();
    await two.locator('.poll label').nth(2).click();
    await two.click('.poll .cast');
    await one.getByText('2 人中 1 人已投票').waitFor();
    assert.equal(await two.locator('meter').count(), 0);
    assert.equal(await two.locator('.manage').first().isVisible(), false);
    await (await openPollMenu(one)).getByRole('button', { name: '结束投票' }).click();
    await Promise.all([counts(one, 1, 0, 1), counts(two, 1, 0, 1)]);
    await one.locator('.poll').getByText('已结束').waitFor();
    assert.deepEqual(await accessibilityViolations(two), []);
  });
});
