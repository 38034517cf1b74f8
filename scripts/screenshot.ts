import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { startApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import { browserPath } from './browsers.ts';

/* npm run screenshot: takes the screenshot in the README. */

const config = readConfig(['--port', '0', '--data', ':memory:'], {});
if (config === 'help') throw new Error('No help was requested.');
const app = await startApp(config);
const browser = await chromium.launch({
  executablePath: browserPath(),
  args: ['--no-sandbox', '--disable-gpu'],
});

const talk = [
  [0, 'Good morning! Can you all read this?'],
  [1, 'Loud and clear.'],
  [2, '早上好！我这里也看得到。'],
  [0, 'Then we can start. Today: how the web learned to push.'],
  [
    0,
    'First the page polled every two seconds. Then each request waited for news. Now the connection stays open.',
  ],
  [1, 'And what if the connection is lost?'],
  [2, '它会自己重新连接，不会漏掉任何消息，也不会重复。'],
] as const;

async function tab(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 }, locale: 'en-US' });
  await page.goto(app.url);
  await page.waitForSelector('#state[data-state=live]');
  return page;
}

const tabs = [await tab(), await tab(), await tab()];
for (const [who, text] of talk) {
  await tabs[who]?.fill('#message', text);
  await tabs[who]?.press('#message', 'Enter');
  await tabs[0]?.getByText(text).waitFor();
  await pause(50);
}
await tabs[0]?.fill(
  '#message',
  '/poll "Which one reaches you?" WebSocket | SSE | Long polling | Polling',
);
await tabs[0]?.press('#message', 'Enter');
await Promise.all(tabs.map((page) => page.waitForSelector('.poll')));
for (const [who, option] of [0, 0, 1].entries()) {
  await tabs[who]?.click(`.poll button.option[value="${option}"]`);
}
await tabs[0]?.getByText('67 %').waitFor();
await tabs[0]?.fill('#message', 'Let us try it: please all press "Close connection"');
const path = fileURLToPath(new URL('../docs/room.png', import.meta.url));
// The bar of a message is where the pointer is.
await tabs[0]?.mouse.move(0, 0);
await tabs[0]?.screenshot({ path });
await browser.close();
await app.close();
