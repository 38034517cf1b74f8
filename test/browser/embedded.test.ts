import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { enterPassword, openPage, post, waitForMessage, waitForState } from '../support/browser.ts';
import { openProxy } from '../support/proxy.ts';
import { openApp } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';
import { TLS } from '../support/tls.ts';

/** A site of its own that shows something in a frame. */
async function openSite(t: TestContext, host = 'www.school.example') {
  let shown = '';
  const site = createServer(TLS, (_, response) => {
    response.setHeader('Content-Type', 'text/html').end(`<iframe src="${shown}" height="500">`);
  }).listen(0, '127.0.0.1');
  t.after(() => {
    site.close();
    site.closeAllConnections();
  });
  await once(site, 'listening');
  return {
    origin: `https://${host}:${(site.address() as AddressInfo).port}`,
    show(url: string) {
      shown = url;
    },
  };
}

interface Framed {
  /** Where the rooms are: of the same site as the page with the frame, or of another. */
  readonly host?: string;
  /** What the page with the frame shows. */
  readonly path?: string;
  /** Whether the browser lets no cookies of other sites through but for partitioned ones. */
  readonly isBlocking?: boolean;
  /** Whether no cookie gets back at all. */
  readonly isForgetful?: boolean;
  readonly script?: string;
}

/** A room over TLS, in a frame of a page of another site that may show it. */
async function openFramed(t: TestContext, framed: Framed = {}) {
  const { host = 'chat.other.example', path = '/rooms/class?embed', isForgetful } = framed;
  const { origin, show } = await openSite(t);
  const app = await openApp(t, {
    frameAncestors: new Set([origin]),
    hosts: new Set([host]),
    trustProxy: 1,
  });
  const behind = await openProxy(t, app.port, {
    tls: true,
    ...(framed.script && { script: framed.script }),
    headers: ({ 'set-cookie': cookies, ...others }) =>
      isForgetful ? others : { ...others, ...(cookies && { 'set-cookie': cookies }) },
  });
  const url = `https://${host}:${new URL(behind).port}`;
  show(url + path);
  const page = await openPage(t, 'about:blank', { ignoreHTTPSErrors: true });
  if (framed.isBlocking) await blockCookies(page);
  const open = async () => {
    await page.goto(origin);
    return page.frameLocator('iframe');
  };
  return { app, url, page, open };
}

/** As a browser does that blocks the cookies of other sites. */
async function blockCookies(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCookieControls', {
    enableThirdPartyCookieRestriction: true,
  });
}

const isLive = (frame: FrameLocator) =>
  frame.locator('#state[data-state=live]').waitFor({ state: 'attached' });

async function sayIn(frame: FrameLocator, text: string): Promise<void> {
  await frame.locator('#message').fill(text);
  await frame.locator('#message').press('Enter');
  await frame.locator('.message:not(.pending) > .body', { hasText: text }).waitFor();
}

const uidOf = (frame: FrameLocator) =>
  frame.locator('.message.own').first().getAttribute('data-uid');

async function enter(frame: FrameLocator, password: string): Promise<void> {
  await frame.locator('[name=password]').fill(password);
  await frame.locator('[name=password]').press('Enter');
}

const REFUSING_STORAGE = `
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(window, name, {
      get() { throw new DOMException('Refused.', 'SecurityError'); },
    });
  }
`;

suite('In a frame of a page of another site', () => {
  for (const [what, framed] of [
    ['that keeps cookies', {}],
    ['that blocks cookies of other sites', { isBlocking: true }],
    ['that keeps no cookies at all', { isForgetful: true }],
  ] as const) {
    test(`users chat, and are the same guests after a reload, in a browser ${what}`, async (t) => {
      const { app, page, open } = await openFramed(t, framed);
      const frame = await open();
      await isLive(frame);
      const other = await openPage(t, `${app.url}/rooms/class`);
      await waitForState(other, 'live');
      await sayIn(frame, 'from the frame');
      await waitForMessage(other, 'from the frame');
      await post(other, 'to the frame');
      await frame.locator('.message').getByText('to the frame').waitFor();
      const uid = await uidOf(frame);
      await frame.locator('#message').fill('half a sent');
      await page.reload();
      await isLive(frame);
      assert.equal(await frame.locator('#message').inputValue(), 'half a sent');
      await sayIn(frame, 'and again');
      assert.equal(await frame.locator(`.message.own[data-uid="${uid}"]`).count(), 2);
      for (const hidden of ['#side', '#me', '.brand', '.languages', '#people-button']) {
        assert.ok(await frame.locator(hidden).isHidden(), hidden);
      }
    });
  }

  test('messages arrive, once, where the browser stores nothing for the frame', async (t) => {
    const script = REFUSING_STORAGE;
    const { app, page, open } = await openFramed(t, { isForgetful: true, script });
    const frame = await open();
    await isLive(frame);
    await sayIn(frame, 'from the frame');
    await page.reload();
    await isLive(frame);
    await frame.locator('.message').getByText('from the frame').waitFor();
    await sayIn(frame, 'as another guest');
    const other = await openPage(t, `${app.url}/rooms/class`);
    await waitForMessage(other, 'as another guest');
    assert.equal(await other.locator('.message').count(), 2);
  });

  for (const isBlocking of [false, true]) {
    const how = isBlocking ? 'cookies of other sites blocked' : 'cookies of other sites allowed';
    test(`a password is given once, with ${how}`, async (t) => {
      const { app, page, open } = await openFramed(t, { isBlocking });
      const ada = await signedIn(app.url, 'Ada');
      await ada.post('/rooms', { name: 'class', password: 'sesame' });
      const frame = await open();
      await enter(frame, 'barley');
      await frame.getByText('Wrong password').waitFor();
      await enter(frame, 'sesame');
      await isLive(frame);
      await sayIn(frame, 'inside');
      await page.reload();
      await isLive(frame);
      await frame.locator('.message').getByText('inside').waitFor();
    });
  }

  test('a vote is counted once, whatever tab of the browser it comes from', async (t) => {
    const { page, open } = await openFramed(t, { isBlocking: true });
    const frame = await open();
    await isLive(frame);
    await frame.locator('#message').fill('/poll "Tea?" yes | no');
    await frame.locator('#message').press('Enter');
    await frame.locator('.poll button[value="0"]').click();
    const second = await page.context().newPage();
    await blockCookies(second);
    await second.goto(page.url());
    const other = second.frameLocator('iframe');
    await other.locator('.poll button[value="0"][aria-pressed=true]').waitFor();
    await other.locator('.poll button[value="1"]').click();
    await other.locator('.poll [data-option="1"][data-count="1"]').waitFor();
    await frame.locator('.poll [data-option="0"][data-count="0"]').waitFor();
  });

  for (const [what, path, isAllowed] of [
    ['where the site may not show it', '/rooms/class?embed', false],
    ['that was not asked for as one to embed', '/rooms/class', true],
    ['that is another page', '/rooms?embed', true],
  ] as const) {
    test(`nothing is shown ${what}`, async (t) => {
      const { origin, show } = await openSite(t);
      const allowed = isAllowed ? origin : 'https://other.example';
      const { url } = await openApp(t, { frameAncestors: new Set([allowed]) });
      show(`${url}${path}`);
      const options = { ignoreHTTPSErrors: true };
      const page = await openPage(t, 'about:blank', options, { isBlocked: true });
      const barred = page.waitForEvent('console', {
        predicate: (message) => /frame-ancestors|X-Frame-Options/.test(message.text()),
      });
      await page.goto(origin);
      await barred;
      const [frame] = page.frames().slice(1);
      assert.ok(frame);
      await frame.waitForURL(/^chrome-error:/, { waitUntil: 'commit' });
    });
  }
});

test('An invalid pass of a frame locks out no tab of the same site', async (t) => {
  const { app, url, page, open } = await openFramed(t, { host: 'chat.school.example' });
  const ada = await signedIn(app.url, 'Ada');
  await ada.post('/rooms', { name: 'class', password: 'sesame' });
  const frame = await open();
  await enter(frame, 'sesame');
  await isLive(frame);
  await ada.post('/rooms/class/commands', { type: 'set-password', password: 'barley' });
  const tab = await page.context().newPage();
  // The pass of the frame comes first, and is worth nothing any more.
  await tab.goto(`${url}/rooms/class`);
  await enterPassword(tab, 'barley');
  await waitForState(tab, 'live');
  await tab.reload();
  await waitForState(tab, 'live');
  await page.reload();
  await isLive(frame);
});
