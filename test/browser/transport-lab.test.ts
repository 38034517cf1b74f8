import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openProxy } from '../support/proxy.ts';
import { openApp } from '../support/server.ts';

const WAYS = ['polling', 'long-polling', 'sse', 'websocket'] as const;

/** A row of the table, as numbers: what stands in it of words and commas falls away. */
async function costs(page: Page, way: (typeof WAYS)[number]): Promise<number[]> {
  const cells = await page.locator(`#costs-${way} td`).allTextContents();
  return cells.map((cell) => Number(cell.replace(/[^\d]/g, '') || Number.NaN));
}

suite('/transports', () => {
  test('sends the same messages over all four transports, counts the cost of each, and ends', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, `${url}/transports`);
    await page.click('#start');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('#costs tbody tr')].every(
        (row) => Number(row.querySelector('td')?.textContent) >= 3,
      ),
    );
    await page.click('#start');
    await page.getByText('Done.').waitFor();
    const rows = await Promise.all(WAYS.map((way) => costs(page, way)));
    for (const [index, row] of rows.entries()) {
      assert.ok(row.every(Number.isFinite), `${WAYS[index]} has a figure in every cell: ${row}`);
    }
    const [poll = [], longPoll = [], stream = [], socket = []] = rows;
    const [server, sent] = [4, 8];
    assert.equal(stream[server], 1);
    assert.equal(socket[server], 1);
    // One may be under way when the run ends.
    const apart = Math.abs((poll[3] ?? 0) - (poll[server] ?? 0));
    assert.ok(apart <= 1, 'the browser and the server count the same polls');
    assert.ok((longPoll[sent] ?? 0) > 2 * (stream[sent] ?? 0), 'asking costs');
    const drawn = await page.locator('canvas').evaluateAll((all) =>
      all.map((canvas) => {
        const context = (canvas as HTMLCanvasElement).getContext('2d');
        const { data } = context?.getImageData(0, 0, 400, 200) ?? { data: [] };
        return data.some((byte) => byte > 0);
      }),
    );
    assert.deepEqual(drawn, [true, true]);
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  test('ends by itself after a minute', async (t) => {
    const { url } = await openApp(t);
    const page = await openPage(t, 'about:blank');
    await page.clock.install();
    await page.goto(`${url}/transports?language=zh`);
    await page.click('#start');
    await page.getByText('停止').waitFor();
    await page.clock.runFor(61_000);
    await page.getByText('已完成').waitFor();
    assert.equal(await page.textContent('#start'), '开始');
  });

  test('says that a blocked transport is not available', async (t) => {
    const { port } = await openApp(t);
    const page = await openPage(
      t,
      `${await openProxy(t, port, { upgrades: 'refuse' })}/transports`,
    );
    await page.click('#start');
    await page.locator('#arrivals-websocket').getByText('Not available here.').waitFor();
    await page.locator('#arrivals-sse').getByText('ms').first().waitFor();
  });
});
