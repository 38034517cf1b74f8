import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import {
  becomes,
  confirm,
  fillPoll,
  openNewPoll,
  openPage,
  openPollMenu,
  openPollSettings,
  startPoll,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

/** A page with a poll in which votes came in one after the other. */
async function openVoted(
  t: TestContext,
  votes: readonly number[],
  options: BrowserContextOptions,
): Promise<Page> {
  const { url, port } = await openApp(t);
  const page = await openPage(t, url, options);
  await waitForState(page, 'live');
  // With names, so that each vote is a step of its own.
  await openNewPoll(page);
  await fillPoll(page, { question: 'Which?', options: ['a', 'b'] });
  await openPollSettings(page);
  await page.check('#poll-dialog [name=showVoters]');
  await startPoll(page);
  await page.waitForSelector('.poll');
  assert.equal(await page.locator('.replay-button').isVisible(), false);
  for (const [index, option] of votes.entries()) {
    const voter = await join(t, port, '/rooms/lobby/live');
    voter.send(JSON.stringify({ type: 'set-votes', id: 1, options: option }));
    await page.waitForSelector(`.poll table[data-total="${index + 1}"]`);
  }
  return page;
}

const SLIDER = '.replay input';

/** Waits until the columns of the replay are as high, in pixels of their colour, as is said. */
function columns(page: Page, isRight: string): Promise<unknown> {
  return page.waitForFunction((right) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.replay canvas');
    const image = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (!image) return false;
    const { data, width, height } = image;
    const [a = 0, b = 0] = ['0,114,178', '230,159,0'].map((colour) => {
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
    if (right === '1:0') return a > 20 && b === 0;
    return right === '2:1' ? a > 40 && Math.abs(a - 2 * b) <= 4 : false;
  }, isRight);
}

suite('The vote history of a poll', () => {
  test('is shown step by step, by keys, and only so where motion is reduced', async (t) => {
    const page = await openVoted(t, [0, 0, 1], { reducedMotion: 'reduce' });
    await openPollMenu(page);
    await page.locator('.replay-button').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector(SLIDER);
    assert.equal(await page.locator('.replay button').isVisible(), false);
    const value = () => page.getAttribute(SLIDER, 'aria-valuetext');
    assert.match((await value()) ?? '', /^\d+:\d\d:\d\d [AP]M: a 0, b 0$/);
    await page.locator(SLIDER).press('ArrowRight');
    assert.match((await value()) ?? '', /: a 1, b 0$/);
    await columns(page, '1:0');
    await page.keyboard.press('End');
    assert.match((await value()) ?? '', /: a 2, b 1$/);
    await columns(page, '2:1');
    await page.keyboard.press('ArrowLeft');
    assert.match((await value()) ?? '', /: a 2, b 0$/);
    assert.match((await page.textContent('.replay > p')) ?? '', /^\d+:\d\d:\d\d [AP]M$/);
    assert.deepEqual(await accessibilityViolations(page), []);
    // A vote that comes meanwhile changes the poll and leaves the replay where it is.
    await page.locator('.poll button.option').first().click();
    await page.waitForSelector('.poll table[data-total="4"]');
    assert.match((await value()) ?? '', /: a 2, b 0$/);
    await openPollMenu(page);
    await page.click('.replay-button');
    await becomes(() => page.locator('.replay').count(), 0);
    await openPollMenu(page);
    await page.click('.replay-button');
    await becomes(() => page.getAttribute(SLIDER, 'max'), '4');
    // A reset poll has no vote history.
    await openPollMenu(page);
    await page.locator('.manage button', { hasText: 'Clear votes' }).click();
    await confirm(page);
    await page.waitForSelector('.replay', { state: 'detached' });
    assert.equal(await page.locator('.replay-button').isVisible(), false);
  });

  test('plays by itself, and can be paused', async (t) => {
    const viewport = { width: 320, height: 640 };
    const page = await openVoted(t, [0, 1, 0], { locale: 'zh-CN', viewport });
    // It plays for some seconds: no timer of the page's runs until it was seen to play.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 1_000);
    await (await openPollMenu(page)).getByRole('button', { name: '回放' }).click();
    await page.getByRole('button', { name: '暂停' }).waitFor();
    await page.clock.runFor(10_000);
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.replay input')?.value === '3',
    );
    await page.getByRole('button', { name: '播放' }).click();
    await page.getByRole('button', { name: '暂停' }).press('Enter');
    await page.getByRole('button', { name: '播放' }).waitFor();
    await page.clock.resume();
    await page.fill(SLIDER, '3');
    await columns(page, '2:1');
    assert.deepEqual(await accessibilityViolations(page), []);
    assert.ok(await fits(page));
  });
});

test('A poll is saved as an image of twice the size of its SVG', async (t) => {
  const page = await openVoted(t, [0], {});
  const menu = await openPollMenu(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('button', { name: 'PNG' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'poll-1.png');
  const png = readFileSync(await download.path());
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const svg = await (
    await page.request.get(new URL('/rooms/lobby/polls/1.svg', page.url()).href)
  ).text();
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  assert.deepEqual(
    [png.readUInt32BE(16), png.readUInt32BE(20)],
    [2 * Number(width), 2 * Number(height)],
  );
  // It is drawn: there is the colour of the first bar.
  const isColoured = await page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(
        new Blob([new Uint8Array(bytes)], { type: 'image/png' }),
      );
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context?.drawImage(image, 0, 0);
      const { data } =
        context?.getImageData(0, 0, image.width, image.height) ?? new ImageData(1, 1);
      for (let at = 0; at < data.length; at += 4) {
        if ([...data.subarray(at, at + 3)].join() === '0,114,178') return true;
      }
      return false;
    },
    [...png],
  );
  assert.ok(isColoured);
  await page.route('**/polls/1.svg*', (route) => route.abort());
  await (await openPollMenu(page)).getByRole('button', { name: 'PNG' }).click();
  await page.getByText("Couldn't create the image.").waitFor();
});
