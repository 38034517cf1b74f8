import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  fillPoll,
  openNewPoll,
  openPage,
  openPollMenu,
  startPoll,
  waitForState,
} from '../support/browser.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openApp } from '../support/server.ts';

/** Waits until the poll that one sees has these counts. */
function counts(page: Page, ...expected: readonly number[]): Promise<unknown> {
  return page.waitForFunction((all) => {
    const poll = document.querySelector('.poll.shown') ?? document.querySelector('.poll');
    const rows = [...(poll?.querySelectorAll<HTMLElement>('tr[data-count]') ?? [])];
    return rows.map(({ dataset }) => dataset.count).join() === all;
  }, expected.join());
}

test('A class of two, in two languages, and a projector create, vote in, change, close and export polls', async (t) => {
  const { url } = await openApp(t);
  const room = `${url}/rooms/class`;
  const teacher = await openPage(t, room, { locale: 'zh-CN' });
  const student = await openPage(t, room, { viewport: { width: 390, height: 844 } });
  const projector = await openPage(t, `${room}/present`, {
    viewport: { width: 1280, height: 720 },
  });
  await Promise.all([waitForState(teacher, 'live'), waitForState(student, 'live')]);

  await openNewPoll(teacher);
  await fillPoll(teacher, { question: '哪一个先来？', options: ['FIN', 'opcode', 'mask'] });
  await startPoll(teacher);
  await projector.getByRole('heading', { name: '哪一个先来？' }).waitFor();

  await student.locator('.poll .option').nth(2).click();
  await teacher.locator('.poll .option').nth(0).click();
  for (const page of [teacher, student, projector]) await counts(page, 1, 0, 1);
  await student.locator('.poll .option').nth(0).click();
  for (const page of [teacher, student, projector]) await counts(page, 2, 0, 0);

  await (await openPollMenu(teacher)).getByRole('button', { name: '结束投票' }).click();
  await student.locator('.poll').getByText('closed').waitFor();
  await projector.locator('.poll').getByText('closed').waitFor();
  assert.ok(await student.locator('.poll .option').first().isDisabled());

  const menu = await openPollMenu(teacher);
  const [csv] = await Promise.all([
    teacher.waitForEvent('download'),
    menu.getByRole('link', { name: 'CSV' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await csv.createReadStream()) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString(), /"FIN","2"\r\n"opcode","0"\r\n"mask","0"/);
  for (const page of [teacher, student, projector])
    assert.deepEqual(await accessibilityViolations(page), []);
});
