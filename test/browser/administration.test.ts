import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openMenu, openPage, waitForState } from '../support/browser.ts';
import { accessibilityViolations, fits } from '../support/layout.ts';
import { openApp } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';

async function sees(page: Page, what: string): Promise<void> {
  assert.deepEqual(await accessibilityViolations(page), [], what);
  assert.ok(await fits(page), `${what} fits`);
}

suite('The pages of the owner', () => {
  for (const [locale, colorScheme, width] of [
    ['en-US', 'light', 1280],
    ['zh-CN', 'dark', 320],
  ] as const) {
    test(`have no finding of axe-core, and fit: ${locale}, ${colorScheme}, ${width} px`, async (t) => {
      const { url, port, ownerPath = '' } = await openApp(t);
      const viewport = { width, height: 640 };
      const page = await openPage(t, `${url}${ownerPath}`, { locale, colorScheme, viewport });
      await sees(page, 'the owner link');
      await page.fill('[name=name]', 'W'.repeat(30));
      await page.fill('[name=password]', 'correct horse');
      await page.click('main [type=submit]');
      await page.waitForURL('**/admin');
      await sees(page, 'the overview');
      const guest = await createGuest(port);
      await guest.postMessage('W'.repeat(40), 'noise');
      const ban = { type: 'ban', uid: guest.uid, minutes: '' };
      await page.request.post(`${url}/rooms/${'W'.repeat(40)}/commands`, {
        form: ban,
        headers: { Accept: 'application/json', Origin: url },
      });
      for (const path of ['people', 'rooms', 'restrictions', 'actions']) {
        await page.goto(`${url}/admin/${path}`);
        await page.waitForSelector('main li');
        await sees(page, path);
      }
      await page.goto(`${url}/rooms/${'W'.repeat(40)}`);
      await waitForState(page, 'live');
      const menu = await openMenu(page, page.locator('.message').first());
      await menu.locator('[value=report]').click();
      await page.fill('dialog.confirmation [name=reason]', 'x'.repeat(200));
      await sees(page, 'the sheet that asks for the reason');
      await page.click('dialog.confirmation .danger');
      await page.waitForSelector('.toast');
      await page.goto(`${url}/admin/reports`);
      await page.waitForSelector('main li');
      await sees(page, 'the reports');
      await page.goto(`${url}/admin/settings`);
      await sees(page, 'the settings of the server');
      await page.goto(`${url}/admin/people`);
      await page.click('main li button');
      await page.locator('[value=confirmed]').waitFor();
      await sees(page, 'the question before signing somebody out');
    });
  }
});
