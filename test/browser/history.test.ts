import assert from 'node:assert/strict';
import { join as joinPath } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { appender } from '../../server/features/appender.ts';
import { openDatabase } from '../../server/features/schema.ts';
import {
  becomes,
  navigate,
  openPage,
  post,
  receivedMessages,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { posted } from '../support/events.ts';
import { accessibilityViolations } from '../support/layout.ts';
import { openApp, temporaryFolder } from '../support/server.ts';

const ALL = 10_000;
/** The most messages that the page holds, and a page of them on its way. */
const MOST = 350;

/** A server with a long history in the room `class`: message N says which it is. */
async function openLong(t: TestContext) {
  const data = temporaryFolder(t);
  const db = openDatabase(joinPath(data, 'chat.sqlite'));
  const append = appender(db);
  for (let n = 1; n <= ALL; n += 500) {
    append(Array.from({ length: 500 }, (_, k) => posted(textOf(n + k), null)));
  }
  db.close();
  return openApp(t, { data });
}

/** Searches until the whole of the history is searched: it was not said here, but found on the disk. */
async function indexed(url: string): Promise<void> {
  const search = `${url}/rooms/class/search?q=message`;
  for (let isWhole = false; !isWhole; ) {
    const response = await fetch(search, { headers: { Accept: 'application/json' } });
    isWhole = (await response.json()).indexed;
  }
}

/** Some are longer than others, so that heights differ. */
function textOf(n: number): string {
  return `message ${n}${' and more'.repeat((n * 7) % 40)}`;
}

/** How many messages are on the page, the first and the last of them. */
function held(page: Page): Promise<readonly [number, number, number]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll('#messages > article')].map(({ id }) =>
      Number(id.slice(2)),
    );
    return [ids.length, ids[0] ?? 0, ids.at(-1) ?? 0] as const;
  });
}

/**
 * Scrolls to an end of what is there, until more has come.
 * @returns how far the message moved that was before the reader, in pixels
 */
function scroll(page: Page, to: 'top' | 'bottom'): Promise<number> {
  return page.evaluate(async (end) => {
    const timeline = document.querySelector('#timeline') as HTMLElement;
    const list = document.querySelector('#messages') as HTMLElement;
    const came = new Promise<void>((resolve) => {
      const ends = () => {
        const articles = [...list.querySelectorAll(':scope > article')];
        return [articles.at(0)?.id, articles.at(-1)?.id];
      };
      const at = end === 'top' ? 0 : 1;
      const before = ends()[at];
      const observer = new MutationObserver(() => {
        if (ends()[at] === before) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(list, { childList: true });
    });
    timeline.scrollTop = end === 'top' ? 200 : timeline.scrollHeight - timeline.clientHeight - 200;
    const { top } = timeline.getBoundingClientRect();
    const place = [...list.children].find(
      (article) => article.getBoundingClientRect().top > top + 50,
    )?.lastElementChild;
    const before = place?.getBoundingClientRect().top ?? 0;
    await came;
    await new Promise(requestAnimationFrame);
    return (place?.getBoundingClientRect().top ?? 0) - before;
  }, to);
}

/** What the messages on the page should be, if none is left out. */
function inARow(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, k) => textOf(first + k));
}

suite('A long history', () => {
  test('is scrolled in both directions, with few messages on the page, and a stable position', async (t) => {
    const { url, port } = await openLong(t);
    const page = await openPage(t, `${url}/rooms/class`);
    await waitForState(page, 'live');
    let oldest = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 8; n += 1) {
      const moved = await scroll(page, 'top');
      assert.ok(Math.abs(moved) < 1, `it moved by ${moved} px`);
      const [count, first] = await held(page);
      assert.ok(count <= MOST, `${count} messages`);
      assert.ok(first < oldest);
      oldest = first;
    }
    assert.ok(oldest <= ALL - 99 - 400, `${oldest}`);
    // What comes now has its place below a hole, and is not put above it.
    const client = await join(t, port, '/rooms/class/live');
    client.post('news');
    await page.waitForSelector('#newer:not([hidden])');
    const [count, first, last] = await held(page);
    assert.deepEqual(await receivedMessages(page), inARow(first, count));
    assert.ok(last < ALL);
    assert.ok(await page.isVisible('#viewing-older'));
    for (;;) {
      const [, , before] = await held(page);
      const moved = await scroll(page, 'bottom');
      assert.ok(Math.abs(moved) < 1, `it moved by ${moved} px`);
      const [now, , last] = await held(page);
      assert.ok(now <= MOST && last > before);
      if (last > ALL) break;
    }
    await page.locator('#viewing-older').waitFor({ state: 'hidden' });
    const [now, from] = await held(page);
    assert.deepEqual(await receivedMessages(page), [...inARow(from, now - 1), 'news']);
    // The reader is at the present, and follows it.
    await page.evaluate(() => document.querySelector('#timeline')?.scrollTo({ top: 1e6 }));
    client.post('more news');
    await waitForMessage(page, 'more news');
    assert.ok(await page.getByText('more news').isVisible());
  });

  test('does not grow below a reader of older messages; the button jumps to the latest', async (t) => {
    const { url, port } = await openLong(t);
    const page = await openPage(t, `${url}/rooms/class`);
    await waitForState(page, 'live');
    for (let n = 0; n < 5; n += 1) await scroll(page, 'top');
    const client = await join(t, port, '/rooms/class/live');
    for (let n = 1; n <= 400; n += 1) client.post(`news ${n}`);
    await page.waitForSelector('#newer:not([hidden])');
    await client.until((frames) => frames.some((frame) => frame.includes('news 400<')));
    await page.click('#newer');
    await waitForMessage(page, 'news 400');
    const [count] = await held(page);
    assert.ok(count <= MOST, `${count} messages`);
    assert.ok(await page.getByText('news 400').isVisible());
    await page.locator('#viewing-older').waitFor({ state: 'hidden' });
    // From the past one's own message leads back, too.
    for (let n = 0; n < 6; n += 1) await scroll(page, 'top');
    assert.ok(await page.isVisible('#viewing-older'));
    await post(page, 'mine');
    await waitForMessage(page, 'mine');
    assert.ok(await page.getByText('mine', { exact: true }).isVisible());
  });

  test('has a permalink to each message, which shows it in its context', async (t) => {
    const { url } = await openLong(t);
    await indexed(url);
    const page = await openPage(t, `${url}/rooms/class/search`);
    await page.fill('#q', 'message 5000');
    await navigate(page, () => page.press('#q', 'Enter'));
    assert.equal(await page.locator('mark').first().textContent(), 'message');
    assert.deepEqual(await accessibilityViolations(page), []);
    await navigate(page, () => page.click('.found a'));
    await waitForState(page, 'live');
    const marked = page.locator('#m-5000');
    await becomes(() => page.evaluate(() => document.activeElement?.id), 'm-5000');
    assert.equal(await marked.getAttribute('aria-current'), 'true');
    const { y = 0 } = (await marked.boundingBox()) ?? {};
    assert.ok(y > 100 && y < 600, `it is at ${y} px`);
    assert.ok(await page.isVisible('#viewing-older'));
    assert.deepEqual(await accessibilityViolations(page), []);
    // The link of another on the page: no way to go, but an address to share.
    await page.hover('#m-5003 > .body');
    await page.click('#m-5003 a.at');
    await becomes(() => page.url(), `${url}/rooms/class?at=5003`);
    await becomes(() => page.locator('.marked').getAttribute('id'), 'm-5003');
    for (const to of ['top', 'bottom'] as const) {
      const moved = await scroll(page, to);
      assert.ok(Math.abs(moved) < 1, `${to}: it moved by ${moved} px`);
    }
    const [count, first, last] = await held(page);
    assert.ok(first < 4950 && last > 5050);
    assert.deepEqual(await receivedMessages(page), inARow(first, count));
    await page.click('#jump-to-latest');
    await waitForMessage(page, textOf(ALL));
    await becomes(() => page.url(), `${url}/rooms/class`);
    await page.locator('#viewing-older').waitFor({ state: 'hidden' });
  });

  test('can be read and searched without a script', async (t) => {
    const { url } = await openLong(t);
    await indexed(url);
    const page = await openPage(t, `${url}/rooms/class/search?q=%22message+5000%22`, {
      javaScriptEnabled: false,
    });
    await page.click('.found a');
    const frame = page.frameLocator('iframe');
    await frame.locator('#m-5000').waitFor();
    assert.equal(await frame.locator('article').count(), 101);
    await frame.getByText('Newer messages').click();
    await frame.locator('#m-5051').waitFor();
    await frame.getByText('Older messages').click();
    await frame.locator('#m-5050').waitFor();
  });
});

/** Where the messages in view begin, in pixels, by their ids. */
function inView(page: Page): Promise<Readonly<Record<string, number>>> {
  return page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const view = (document.querySelector('#timeline') as HTMLElement).getBoundingClientRect();
    const articles = [...document.querySelectorAll('#messages > article')];
    const tops = articles.map(
      (one) => [one.id, one.getBoundingClientRect().top - view.top] as const,
    );
    return Object.fromEntries(tops.filter(([, top]) => top >= 0 && top < view.height));
  });
}

suite('The scroll position', () => {
  test('does not move by a pixel when a message above is reacted to, edited or deleted', async (t) => {
    const { url, port } = await openApp(t);
    const other = await join(t, port, '/rooms/lobby/live', { protocols: ['json'] });
    for (let n = 1; n <= 60; n += 1) other.post(textOf(n));
    await other.until((frames) => frames.filter((one) => one.includes('"message"')).length >= 60);
    const page = await openPage(t, url, { viewport: { width: 500, height: 600 } });
    await waitForState(page, 'live');
    await page.evaluate(() => {
      const timeline = document.querySelector('#timeline') as HTMLElement;
      timeline.scrollTop = timeline.scrollHeight / 2 + 7;
    });
    const before = await inView(page);
    assert.ok(Object.keys(before).length > 1);
    const isAbove = await page.evaluate(
      () => (document.querySelector('#m-6')?.getBoundingClientRect().bottom ?? 0) < 0,
    );
    assert.ok(isAbove);
    const does = async (command: object, shown: string) => {
      other.send(JSON.stringify(command));
      await page.waitForSelector(shown, { state: 'attached' });
      assert.deepEqual(await inView(page), before, JSON.stringify(command).slice(0, 60));
    };
    await does({ type: 'react', id: 5, emoji: '👍' }, '#m-5 .reaction');
    await does({ type: 'edit', id: 6, message: 'longer now '.repeat(80) }, '#m-6 .edited');
    await does({ type: 'delete', id: 6 }, '#m-6.deleted');
    await page.evaluate(() => {
      const picture = document.createElement('p');
      picture.id = 'late';
      picture.style.height = '186px';
      document.querySelector('#m-4')?.append(picture);
    });
    assert.deepEqual(await inView(page), before, 'something that comes late');
  });
});

test('Hundreds of messages at once are shown in parts, in order and at the end, and announced as a number', async (t) => {
  const { port, url } = await openApp(t);
  const page = await openPage(t, `${url}/rooms/class`);
  await waitForState(page, 'live');
  const added = page.evaluate(async (last) => {
    const counts: number[] = [];
    const live: unknown[] = [];
    const log = document.querySelector('#timeline') as HTMLElement;
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver((changes) => {
        const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        const articles = nodes.filter((node) => node.nodeName === 'ARTICLE');
        counts.push(articles.length);
        if (articles.length > 10) live.push(log.ariaLive);
        if (articles.some((node) => node.textContent?.includes(last))) resolve();
      });
      observer.observe(document.querySelector('#messages') as HTMLElement, { childList: true });
    });
    return { counts, live: [...new Set(live)] };
  }, 'burst 500.');
  const other = await join(t, port, '/chat?room=class');
  for (let n = 1; n <= 500; n += 1) other.post(`burst ${n}.`);
  const { counts, live } = await added;
  assert.ok(Math.max(...counts) < 100, `${counts}`);
  assert.deepEqual(live, ['off']);
  const texts = await receivedMessages(page);
  assert.deepEqual(
    texts,
    Array.from({ length: 300 }, (_, n) => `burst ${201 + n}.`),
  );
  const isAtEnd = await page.evaluate(() => {
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector(
      '#timeline',
    ) as Element;
    return scrollHeight - scrollTop - clientHeight < 2;
  });
  assert.ok(isAtEnd);
  await page.waitForFunction(
    () => (document.querySelector('#timeline') as Element).ariaLive === null,
  );
  await page.locator('#spoken', { hasText: /^\d+ new messages$/ }).waitFor({ state: 'attached' });
});
