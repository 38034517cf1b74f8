import { type Browser, chromium, type Page } from 'playwright-core';
import { browserPath } from '../../browsers.ts';
import { shipped } from '../contenders.ts';
import { longestTask, scrollBack, untilLast, watchTasks } from '../in-page.ts';
import { measureLoads } from '../page-load.ts';
import { type Bench, onServer, type Part, type Row, rounded, rowsOf } from '../part.ts';
import { seed } from '../seed.ts';
import type { MeasuredServer, Seed } from '../server.ts';
import { Waiter } from '../waiters.ts';

const SIZE = { width: 1280, height: 800 };
/** Scrolling is aborted after this. */
const SCROLL_S = 90;
/** Messages posted at once in the simulated day. */
const GROUP = 100;

export const page: Part = {
  name: 'page',
  title: 'The page in Chromium',
  async *measure(bench) {
    const { contenders } = bench;
    if (!contenders.includes(shipped)) return;
    const browser = await chromium.launch({
      executablePath: browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
    const seconds = SCROLL_S + 120;
    try {
      yield* rowsOf(shipped, async function* () {
        const rows = (server: MeasuredServer) => measure(browser, server, bench);
        yield* await onServer(shipped, seconds, rows, historyOf(bench.scale.page.history));
      });
    } finally {
      await browser.close();
    }
  },
};

async function measure(
  browser: Browser,
  server: MeasuredServer,
  { scale }: Bench,
): Promise<readonly Row[]> {
  const { history, burst, day, loads } = scale.page;
  return [
    ...(await measureLoads(browser, server, loads)),
    await scrolling(await openTab(browser, server), history),
    await manyAtOnce(await openTab(browser, server), server, burst),
    await wholeDay(await openTab(browser, server), server, day),
  ];
}

/** From the last message of a long history back to the first. */
async function scrolling(tab: Page, history: number): Promise<Row> {
  const all = await tab.evaluate(scrollBack, { id: 1, seconds: SCROLL_S });
  await tab.close();
  return {
    what: `scrolling through ${history - all.first + 1} messages`,
    seconds: rounded(all.seconds, 1),
    frames: all.frames,
    'frames over 34 ms': all.lateFrames,
    'longest frame ms': rounded(all.longestFrameMs),
    'longest task ms': rounded(all.longestTaskMs),
  };
}

async function manyAtOnce(tab: Page, server: MeasuredServer, count: number): Promise<Row> {
  const waiter = await sender(server);
  const start = performance.now();
  await postAll(tab, waiter, 0, count);
  const tookMs = performance.now() - start;
  const longestTaskMs = await tab.evaluate(longestTask);
  await waiter.close();
  await tab.close();
  return {
    what: `${count} messages at once`,
    'all shown after ms': rounded(tookMs),
    'longest task ms': rounded(longestTaskMs),
  };
}

/** A page that stays open while thousands of messages come. */
async function wholeDay(tab: Page, server: MeasuredServer, count: number): Promise<Row> {
  const waiter = await sender(server);
  const before = await heapMb(tab);
  for (let from = 0; from < count; from += GROUP) {
    await postAll(tab, waiter, from, Math.min(GROUP, count - from));
  }
  const after = await heapMb(tab);
  await waiter.close();
  return {
    what: `the heap after ${count} messages`,
    'before MB': rounded(before, 1),
    'after MB': rounded(after, 1),
    'longest task ms': rounded(await tab.evaluate(longestTask)),
  };
}

async function openTab(browser: Browser, { port }: MeasuredServer): Promise<Page> {
  const tab = await browser.newPage({ viewport: SIZE, locale: 'en-US' });
  await tab.goto(`http://127.0.0.1:${port}/`);
  await tab.waitForSelector('#state[data-state=live]', { state: 'attached' });
  await tab.evaluate(watchTasks);
  return tab;
}

async function sender(server: MeasuredServer): Promise<Waiter> {
  const waiter = new Waiter(server);
  await waiter.ready;
  return waiter;
}

/** Posts so many, and waits until the page shows the last. */
async function postAll(tab: Page, waiter: Waiter, from: number, count: number): Promise<void> {
  const shown = tab.evaluate(untilLast, textOf(from + count));
  for (let n = 1; n <= count; n += 1) waiter.post(textOf(from + n));
  await shown;
}

/** Texts of different lengths, so that heights differ. */
function textOf(n: number): string {
  return `${n}: words${' and more'.repeat((n * 7) % 40)}`;
}

function historyOf(count: number): Seed {
  let n = 0;
  return seed(count, () => {
    n += 1;
    const who = {
      uid: `user ${n % 50}`,
      name: null,
      isModerator: false,
      address: '',
      browser: null,
    };
    const message = { room: 'lobby', who, cid: null, body: textOf(n), at: n };
    return { kind: 'message-posted', ...message, reply: null, files: [] };
  });
}

/** The heap in use after a garbage collection. */
async function heapMb(tab: Page): Promise<number> {
  const session = await tab.context().newCDPSession(tab);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}
