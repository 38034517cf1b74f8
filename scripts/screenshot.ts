import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { startApp } from '../server/app.ts';
import { readConfig } from '../server/config/read-config.ts';
import { browserPath } from './browsers.ts';

/* npm run screenshot: takes the screenshots in the README and the user guide. */

const config = readConfig(['--port', '0', '--data', ':memory:', '--limits', 'off'], {});
if (config === 'help') throw new Error('No help was requested.');
const app = await startApp(config);
const browser = await chromium.launch({
  executablePath: browserPath(),
  args: ['--no-sandbox', '--disable-gpu'],
});

const TEAM = 'release-v2';
const CLASS = 'biology-7b';

/** A page of a user with a name. */
async function signIn(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US', ...options });
  await page.goto(`${app.url}/sign-in`);
  await page.fill('[name=name]', name);
  await page.press('[name=name]', 'Enter');
  await page.waitForSelector('#state[data-state=live]', { state: 'attached' });
  return page;
}

/** Sends something as the user of a page, or without one as a new guest; answers with JSON. */
async function send(page: Page | undefined, path: string, body: object) {
  const request = { method: 'POST', body: JSON.stringify(body) };
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const call = async (url: string, init: RequestInit) => (await fetch(url, init)).json();
  if (!page) return call(`${app.url}${path}`, { ...request, headers });
  return page.evaluate(async ({ url, init }) => (await fetch(url, init)).json(), {
    url: path,
    init: { ...request, headers },
  });
}

const post = (page: Page, room: string, message: string, more: object = {}) =>
  send(page, `/rooms/${room}/messages`, { message, ...more });
const command = (page: Page | undefined, room: string, fields: object) =>
  send(page, `/rooms/${room}/commands`, fields);

/** The id of the last message of a room. */
async function lastId(room: string): Promise<number> {
  const headers = { Accept: 'application/json' };
  const answer = await fetch(`${app.url}/rooms/${room}/messages?limit=1`, { headers });
  return (await answer.json()).messages.at(-1).id;
}

async function take(page: Page, path: string, name: string): Promise<void> {
  await page.goto(app.url + path);
  await page.waitForSelector('#state[data-state=live]', { state: 'attached' });
  await page.waitForFunction(() => document.getElementById('people-count')?.textContent !== '0');
  // The tools of the projector are there for a while.
  if (path.endsWith('/present')) await page.waitForSelector('.tools-hidden');
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/${name}.png`, import.meta.url)) });
}

const ana = await signIn('Ana', { viewport: { width: 1280, height: 800 } });
const [ben, ming] = [await signIn('Ben'), await signIn('小明')];
for (const [title, topic, kind] of [
  ['Design', 'Mock-ups and icons', 'chat'],
  ['Biology 7B', 'Photosynthesis', 'class'],
  ['Release v2', 'Ship list and notes', 'chat'],
]) {
  await send(ana, '/rooms', { title, topic, kind, listed: true });
}
for (const room of ['design', CLASS, TEAM]) {
  await ana.goto(`${app.url}/rooms/${room}`);
  await ana.waitForSelector('#state[data-state=live]');
}
await post(ben, 'design', 'The new icons are here. @Ana, could you have a look?');

await post(ana, TEAM, 'Morning! The freeze is on **Thursday, 18:00**. What is still open?');
await post(ming, TEAM, '早上好。迁移脚本我看过了，没问题。');
await post(
  ben,
  TEAM,
  'One thing, in the fan-out:\n```ts\nfor (const waiter of waiters) {\n  await waiter.push(frames);\n}\n```',
);
const code = await lastId(TEAM);
await post(ben, TEAM, 'That waits for the slowest reader. @Ana, shall I change it?');
await command(ming, TEAM, { type: 'react', id: code, emoji: '👀' });
await post(ana, TEAM, 'Please do: `push` never blocks, so nobody has to wait.', { reply: code });
await command(ben, TEAM, { type: 'react', id: await lastId(TEAM), emoji: '👍' });
await command(ming, TEAM, { type: 'react', id: await lastId(TEAM), emoji: '👍' });
const vote = { question: 'Ship on Friday?', options: ['Yes', 'On Monday'] };
await command(ana, TEAM, { type: 'create-poll', ...vote });
const shipping = await lastId(TEAM);
for (const [page, option] of [
  [ana, 0],
  [ben, 0],
  [ming, 1],
] as const)
  await command(page, TEAM, { type: 'set-votes', id: shipping, options: [option] });
for (const page of [ben, ming]) await page.goto(`${app.url}/rooms/${TEAM}`);

await command(ana, CLASS, {
  type: 'create-poll',
  question: 'Which of these makes most sugar in an hour of sunshine?',
  options: ['Apple leaf', 'Banana leaf', 'Cactus', 'Moss'],
});
const leaves = await lastId(CLASS);
for (const option of [0, 1, 1, 0, 1, 2, 1, 3, 1, 0, 1, 1, 2, 1, 0, 1, 1, 3, 0, 1, 1, 2, 0, 1])
  await command(undefined, CLASS, { type: 'set-votes', id: leaves, options: [option] });
const pupil = await signIn('Mia', {
  ...{ viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, colorScheme: 'dark' },
  ...{ isMobile: true, hasTouch: true },
});
await command(pupil, CLASS, { type: 'set-votes', id: leaves, options: [1] });

await take(ana, `/rooms/${TEAM}`, 'room');
await take(pupil, `/rooms/${CLASS}`, 'class');
const wall = await browser.newPage({ viewport: { width: 1280, height: 720 }, locale: 'en-US' });
await take(wall, `/rooms/${CLASS}/present`, 'projector');
await browser.close();
await app.close();
