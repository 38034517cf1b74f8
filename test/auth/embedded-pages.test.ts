import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { openApp } from '../support/server.ts';
import { TestBrowser } from '../support/test-browser.ts';
import { outcome, signIn } from '../support/test-user.ts';

const SITE = 'https://school.example';
const TLS = { 'X-Forwarded-Proto': 'https', Accept: 'text/html' };
const ROOM = '/rooms/class?embed';

/** A room with a password, embedded in a site that is allowed to show it. */
async function openFramed(t: TestContext, headers: Record<string, string> = TLS) {
  const { url, port } = await openApp(t, { frameAncestors: new Set([SITE]), trustProxy: 1 });
  const ada = await signIn(port, 'Ada');
  assert.equal(await outcome(ada.createRoom('class', { password: 'sesame' })), '201');
  const browser = new TestBrowser(url, headers);
  const enter = (password: string, next = ROOM) =>
    browser.submit('/rooms/class/password?embed', { password, next });
  return { browser, enter };
}

const mayBeFramed = ({ headers }: Response) =>
  (headers.get('content-security-policy') ?? '').includes(SITE) &&
  headers.get('x-frame-options') === null;

suite('A room with a password in a frame of another site', () => {
  test('asks for the password, and sets a cookie for frames of that site only', async (t) => {
    const { browser, enter } = await openFramed(t);
    const form = await browser.get(ROOM);
    assert.deepEqual([form.status, mayBeFramed(form)], [403, true]);
    assert.match(await form.text(), /action="\/rooms\/class\/password\?embed"/);
    const entered = await enter('sesame');
    assert.deepEqual([entered.status, mayBeFramed(entered)], [303, true]);
    const set = entered.headers.getSetCookie().filter((cookie) => !/\.sig=/.test(cookie));
    assert.ok(set.some((cookie) => cookie.startsWith('__Host-room-pass-')));
    for (const cookie of set) {
      assert.match(cookie, /; secure/i);
      assert.match(cookie, /; samesite=none/i);
      assert.match(cookie, /; partitioned/i);
    }
    const room = await browser.get(entered.headers.get('location') ?? '');
    assert.deepEqual([room.status, mayBeFramed(room)], [200, true]);
  });

  test('shows in the frame that a password was wrong', async (t) => {
    const { enter } = await openFramed(t);
    const wrong = await enter('barley');
    assert.deepEqual([wrong.status, mayBeFramed(wrong)], [403, true]);
    assert.match(await wrong.text(), /Wrong password\./);
  });

  test('explains when the browser did not store the cookie, instead of asking again and again', async (t) => {
    const { enter, browser } = await openFramed(t);
    const entered = await enter('sesame');
    const location = entered.headers.get('location') ?? '';
    const forgetful = new TestBrowser(new URL(entered.url).origin, TLS);
    const again = await (await forgetful.get(location)).text();
    assert.match(again, /let this frame remember it.*target="_blank"/s);
    assert.doesNotMatch(await (await browser.get('/rooms/class?embed')).text(), /remember it/);
    const next = await forgetful.submit('/rooms/class/password?embed', {
      password: 'sesame',
      next: location,
    });
    assert.equal(next.headers.get('location'), location);
  });

  test('sets ordinary cookies without TLS or outside a frame', async (t) => {
    const { browser } = await openFramed(t, { Accept: 'text/html' });
    const plain = await browser.submit('/rooms/class/password?embed', {
      password: 'sesame',
      next: ROOM,
    });
    const { browser: secure } = await openFramed(t);
    const alone = await secure.submit('/rooms/class/password', {
      password: 'sesame',
      next: '/rooms/class',
    });
    for (const { headers } of [plain, alone]) {
      const cookies = headers.getSetCookie();
      assert.ok(cookies.length > 0);
      for (const cookie of cookies) assert.match(cookie, /; samesite=lax/i);
    }
  });
});
