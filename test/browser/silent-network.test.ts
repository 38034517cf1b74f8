import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import {
  openPage,
  ownMessages,
  post,
  receivedMessages,
  setTransport,
  waitForMessage,
  waitForState,
} from '../support/browser.ts';
import { join } from '../support/client.ts';
import { openApp } from '../support/server.ts';
import { SilentProxy } from '../support/silent-proxy.ts';

/** The transports, and how long each may take to notice that nothing comes any more. */
const NOTICED_MS = { websocket: 45_000, sse: 45_000, 'long-polling': 37_000, polling: 13_000 };
/** A message that is not answered is noticed by all of them. */
const UNANSWERED_MS = 6_000;

/** Lets time pass on the page until its state is this one. @returns how much did */
async function passUntil(page: Page, state: string, stepMs: number): Promise<number> {
  const badge = page.locator('#state');
  for (let ms = 0; ; ms += stepMs) {
    if ((await badge.getAttribute('data-state')) === state) return ms;
    await page.clock.runFor(stepMs);
  }
}

/** Restores the network, and cuts short the waits for the next attempt and for an answer. */
async function comeBack(page: Page, proxy: SilentProxy, fate: 'held' | 'lost'): Promise<void> {
  proxy.restore(fate);
  await passUntil(page, 'live', 250);
}

/** The messages on the server, in order, each as often as it was stored. */
async function storedMessages(port: number): Promise<readonly string[]> {
  const response = await fetch(`http://127.0.0.1:${port}/rooms/lobby/messages`, {
    headers: { Accept: 'application/json' },
  });
  const { messages } = (await response.json()) as { messages: readonly { body: string }[] };
  return messages.map(({ body }) => body);
}

suite('A network that silently drops everything is noticed', () => {
  for (const [way, noticedMs] of Object.entries(NOTICED_MS)) {
    for (const fate of ['lost', 'held'] as const) {
      test(`over ${way}, and what was ${fate} arrives once`, async (t) => {
        const { port } = await openApp(t);
        const proxy = await SilentProxy.open(t, port);
        const page = await openPage(t, proxy.url);
        await page.clock.install();
        await page.reload();
        await waitForState(page, 'live');
        await setTransport(page, way);
        await page.waitForSelector(`#state[data-transport=${way}]`);
        const other = await join(t, port, '/chat');
        await post(page, 'before');
        await waitForMessage(page, 'before');

        proxy.fallSilent();
        other.post('missed');
        const ms = await passUntil(page, 'connecting', 1_000);
        assert.ok(ms <= noticedMs, `It has taken ${ms} ms.`);
        await comeBack(page, proxy, fate);
        await waitForMessage(page, 'missed');

        proxy.fallSilent();
        await post(page, 'said meanwhile');
        other.post('missed again');
        const unansweredMs = await passUntil(page, 'connecting', 1_000);
        assert.ok(unansweredMs <= UNANSWERED_MS, `It has taken ${unansweredMs} ms.`);
        assert.equal(await page.locator('.pending').count(), 1);
        await comeBack(page, proxy, fate);
        await page.waitForFunction(() => !document.querySelector('.pending'));
        assert.deepEqual(await ownMessages(page), ['before', 'said meanwhile']);
        await post(page, 'after');
        await waitForMessage(page, 'after');
        const all = await receivedMessages(page);
        assert.deepEqual(all.toSorted(), [
          ...['after', 'before', 'missed', 'missed again', 'said meanwhile'],
        ]);
        assert.deepEqual(await storedMessages(port), all);
      });
    }
  }
});
