import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { shifted, watchShifts } from './in-page.ts';
import { type Row, rounded } from './part.ts';
import type { MeasuredServer } from './server.ts';

/** A slow phone on a slow network, and two screens on the machine's own. */
const SCREENS = [
  { screen: 'slow phone, 390 px', width: 390, isSlow: true },
  { screen: '1,280 px', width: 1280, isSlow: false },
  { screen: '1,920 px', width: 1920, isSlow: false },
] as const;
const SLOWDOWN = 4;
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 200_000,
};
/** What still moves after this is not part of loading. */
const SETTLE_MS = 1_500;

/** A room, and the last message there that the user has read. */
interface Visit {
  readonly room: string;
  readonly path: string;
  readonly read?: readonly [room: string, id: number];
}

const VISITS: readonly Visit[] = [
  { room: 'an empty room', path: '/rooms/empty' },
  { room: 'the end of a long room', path: '/rooms/lobby' },
  { room: 'a long room at the first unread', path: '/rooms/lobby', read: ['lobby', 10] },
  { room: 'a class', path: '/rooms/lesson' },
];

/** How rooms load: what that moves on the screen, how much comes over the wire, and how long it takes. */
export async function measureLoads(
  browser: Browser,
  server: MeasuredServer,
  count: number,
): Promise<readonly Row[]> {
  const url = `http://127.0.0.1:${server.port}`;
  await createClass(url);
  const all = VISITS.flatMap((visit) => SCREENS.map((screen) => ({ ...visit, ...screen })));
  const rows: Row[] = [];
  for (const load of all.slice(0, count)) rows.push(await measureLoad(browser, url, load));
  return rows;
}

async function measureLoad(
  browser: Browser,
  url: string,
  { room, path, read, screen, width, isSlow }: Visit & (typeof SCREENS)[number],
): Promise<Row> {
  const tab = await browser.newPage({ viewport: { width, height: 800 }, locale: 'en-US' });
  await tab.addInitScript(watchShifts);
  if (read)
    await tab.addInitScript((entry) => {
      localStorage.setItem('typhoon.seen', JSON.stringify([entry]));
    }, read);
  const bytes = await countBytes(tab, isSlow);
  await tab.goto(url + path);
  await tab.waitForSelector('#state[data-state=live]', { state: 'attached' });
  await pause(SETTLE_MS);
  const { shift, paintedMs, interactiveMs } = await tab.evaluate(shifted);
  await tab.close();
  return {
    what: `${room}, ${screen}`,
    'layout shift': rounded(shift, 4),
    'kB on the wire': rounded(bytes() / 1000, 1),
    'first paint ms': rounded(paintedMs),
    'interactive ms': rounded(interactiveMs),
  };
}

/** Counts what the tab receives, headers included. */
async function countBytes(tab: Page, isSlow: boolean): Promise<() => number> {
  const session = await tab.context().newCDPSession(tab);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  if (isSlow) {
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await session.send('Network.emulateNetworkConditions', NETWORK);
  }
  return () => bytes;
}

/** A room for a class, with a poll and some messages. */
async function createClass(url: string): Promise<void> {
  const post = async (path: string, fields: object, cookie = '') => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', cookie };
    const response = await fetch(url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(fields),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  };
  const teacher = await post('/session', { name: 'teacher' });
  await post('/rooms', { title: 'lesson', kind: 'class' }, teacher);
  const options = ['Apple leaf', 'Pear leaf', 'Banana leaf'];
  const poll = { type: 'create-poll', question: 'Which makes most sugar?', options };
  await post('/rooms/lesson/commands', poll, teacher);
  for (let n = 1; n <= 20; n += 1)
    await post('/rooms/lesson/messages', { message: `message ${n}` }, teacher);
}
