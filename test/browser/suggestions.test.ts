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

/** Waits until what was put into the last poll is there, with these counts. */
function put(page: Page, ...expected: readonly (readonly [string, number])[]): Promise<unknown> {
  return page.waitForFunction((all) => {
    const items = [...document.querySelectorAll('.poll:last-child [data-count]')];
    const texts = items.map((item) => [
      item.querySelector('bdi')?.textContent,
      Number(item.getAttribute('data-count')),
    ]);
    return JSON.stringify(texts) === all;
  }, JSON.stringify(expected));
}

async function give(page: Page, text: string): Promise<void> {
  await page.fill('.poll:last-child .suggest input[type=text]', text);
  await page.press('.poll:last-child .suggest input[type=text]', 'Enter');
}

suite('What an audience suggests', () => {
  test('is a word cloud, with larger words for more votes', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url, { locale: 'zh-CN' })];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await post(one, '/words "One word?"');
    await give(one, 'sun');
    await put(one, ['sun', 1]);
    // There is room for more.
    await becomes(() => one.inputValue('.suggest input[type=text]'), '');
    await give(two, ' Sun ');
    await put(two, ['sun', 2]);
    await two.fill('.suggest input[type=text]', 'half a wo');
    await give(one, '雪');
    await put(two, ['sun', 2], ['雪', 1]);
    assert.equal(await two.inputValue('.suggest input[type=text]'), 'half a wo');
    await one.locator('.cloud li:first-child[class*=size-6]').waitFor();
    await two.click('.cloud li:last-child .option');
    await put(one, ['sun', 2], ['雪', 2]);
    await one.click('.cloud li:last-child .option');
    await put(two, ['sun', 2], ['雪', 1]);
    assert.deepEqual(await accessibilityViolations(two), []);
    await one.locator('.cloud li:last-child .manage button').click();
    await one.getByText('It will be removed for everyone, with 1 vote.').waitFor();
    await confirm(one);
    await Promise.all([put(one, ['sun', 2]), put(two, ['sun', 2])]);
    assert.equal(await two.locator('.cloud .manage').first().isVisible(), false);
  });

  test('is a list of questions that others upvote, and the author marks as answered', async (t) => {
    const { url, port } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await openNewPoll(one);
    await fillPoll(one, { kind: 'q-and-a', question: 'What do you want to know?' });
    assert.equal(await one.locator('[name=options]').first().isVisible(), false);
    assert.deepEqual(await accessibilityViolations(one), []);
    await startPoll(one);
    await give(two, 'Why is it so?');
    await put(one, ['Why is it so?', 1]);
    await give(two, 'When will it end?');
    await put(one, ['Why is it so?', 1], ['When will it end?', 1]);
    await two.getByRole('button', { name: 'New', exact: true }).click();
    await put(two, ['When will it end?', 1], ['Why is it so?', 1]);
    assert.deepEqual(await accessibilityViolations(two), []);
    await two.reload();
    await put(two, ['When will it end?', 1], ['Why is it so?', 1]);
    await two.getByRole('button', { name: 'Top', exact: true }).click();
    await put(two, ['Why is it so?', 1], ['When will it end?', 1]);
    await one.locator('.questions .option').nth(1).click();
    await put(two, ['When will it end?', 2], ['Why is it so?', 1]);
    await one
      .locator('.questions .option')
      .first()
      .and(one.locator('[aria-pressed=true]'))
      .waitFor();
    await one.locator('.questions .manage button').first().click();
    await two.locator('.question-order').waitFor({ state: 'detached' });
    await two.locator('.questions summary', { hasText: '1 answered' }).waitFor();
    const answered = two.locator('.questions .answered');
    await answered.waitFor({ state: 'hidden' });
    await two.locator('.questions summary').click();
    await answered.waitFor();
    await one.locator('.questions .option').first().click();
    await put(two, ['Why is it so?', 2], ['When will it end?', 2]);
    assert.ok(await answered.isVisible(), 'it stays unfolded');
    assert.deepEqual(await accessibilityViolations(one), []);
    // Somebody without a page sees the same.
    const other = await join(t, port, '/rooms/lobby/live', { protocols: ['json'] });
    await other.until((frames) => frames.some((frame) => /"state":"answered"/.test(frame)));
  });

  test('is a rating, with its mean and standard deviation', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await post(one, '/rate "How was it?"');
    await one.locator('.poll button[value="4"]').click();
    await two.locator('.poll button[value="1"]').click();
    for (const page of [one, two]) {
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLElement>('tfoot td')?.innerText === 'mean 3.5 · std. dev. 1.5',
      );
    }
    assert.deepEqual(await accessibilityViolations(one), []);
  });

  test('is hidden before results are shown, except the user’s own, which can be removed', async (t) => {
    const { url } = await openApp(t);
    const [one, two] = [await openPage(t, url), await openPage(t, url)];
    await Promise.all([waitForState(one, 'live'), waitForState(two, 'live')]);
    await openNewPoll(one);
    await fillPoll(one, { kind: 'word-cloud', question: 'A word?' });
    await openPollSettings(one);
    await one.selectOption('[name=resultsVisibility]', 'after-close');
    await startPoll(one);
    await give(one, 'secret');
    await one.locator('.own-suggestions button').waitFor();
    await two.locator('.voters').getByText('1 person').waitFor();
    assert.doesNotMatch(await two.content(), /secret/);
    await one.reload();
    await one.locator('.own-suggestions button').click();
    await two.locator('.voters').getByText('0 people').waitFor();
    await becomes(() => one.locator('.own-suggestions').count(), 0);
    await give(two, 'other');
    await (await openPollMenu(one)).getByRole('button', { name: 'End poll' }).click();
    await put(two, ['other', 1]);
    await two.locator('.cloud .option[aria-pressed=true]').waitFor();
    assert.equal(await one.getAttribute('.cloud .option', 'aria-pressed'), 'false');
  });
});
