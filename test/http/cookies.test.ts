import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { ROOM_PASS, roomPassId } from '../../server/auth/access-passes.ts';
import { join } from '../support/client.ts';
import { openApp } from '../support/server.ts';
import { signedIn, signIn, TestBrowser } from '../support/test-browser.ts';

const TLS = { 'X-Forwarded-Proto': 'https' } as const;
const PASSWORD = 'open sesame';
const NAMES = [
  ...['language', 'pass', 'browser', 'visitor', 'session'],
  ROOM_PASS + roomPassId('class'),
];

/** A server behind a proxy, and a room with a password. */
async function openProtected(t: TestContext) {
  const app = await openApp(t, { trustProxy: 1, serverPassword: PASSWORD });
  const owner = new TestBrowser(app.url);
  await owner.post('/password', { password: PASSWORD });
  await signIn(owner, 'Olga');
  const created = await owner.post('/rooms', { name: 'class', password: PASSWORD });
  assert.equal(created.status, 201);
  return app;
}

/** Gets every cookie there is. Returns the Set-Cookie lines. */
async function collect(browser: TestBrowser): Promise<readonly string[]> {
  const answers = [
    await browser.get('/?language=en'),
    await browser.post('/password', { password: PASSWORD }),
    await browser.post('/rooms/lobby/messages', { message: 'x' }),
    await browser.post('/session', { name: 'Ann' }),
    await browser.post('/rooms/class/password', { password: PASSWORD }),
  ];
  return answers.flatMap(({ headers }) => headers.getSetCookie());
}

/** The names of the cookies that are set, and not deleted, each once. */
function namesIn(lines: readonly string[]): readonly (string | undefined)[] {
  const pairs = lines.map((line) => line.split(';')[0]?.split('=') ?? []);
  return [...new Set(pairs.flatMap(([name, value]) => (value ? [name] : [])))];
}

suite('A cookie', () => {
  test('is bound to its host under TLS, and recognized there', async (t) => {
    const { url, port } = await openProtected(t);
    const ann = new TestBrowser(url, TLS);
    const lines = await collect(ann);
    assert.deepEqual(
      namesIn(lines),
      NAMES.map((name) => `__Host-${name}`),
    );
    for (const line of lines) {
      assert.match(line, /^[^;]+; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i);
    }
    assert.equal((await ann.get('/rooms/class/messages')).status, 200);
    await join(t, port, '/rooms/class/live', { headers: ann.headers() });
    const page = await ann.get('/sign-in', { Accept: 'text/html' });
    assert.match(await page.text(), /<bdi>Ann<\/bdi>/);
  });

  test('has no prefix over plain HTTP, because browsers would reject it', async (t) => {
    const { url } = await openProtected(t);
    const lines = await collect(new TestBrowser(url));
    assert.deepEqual(namesIn(lines), NAMES);
    for (const line of lines) assert.ok(!/secure|domain/i.test(line), line);
  });

  test('without the prefix is still recognized under TLS', async (t) => {
    const { url } = await openProtected(t);
    const ann = new TestBrowser(url);
    await collect(ann);
    const later = new TestBrowser(url, TLS);
    for (const name of NAMES) later.setCookie(name, ann.cookie(name) ?? '');
    assert.equal((await later.get('/rooms/class')).status, 200);
    const page = await later.get('/sign-in', { Accept: 'text/html' });
    assert.match(await page.text(), /<bdi>Ann<\/bdi>/);
    // A room pass used to be one cookie for its paths, of the same name for every room.
    const pass = ann.cookie(NAMES.at(-1) ?? '') ?? '';
    const old = new TestBrowser(url).setCookie('pass', ann.cookie('pass') ?? '');
    old.setCookie('room-pass', pass, '/rooms/class');
    assert.equal((await old.get('/rooms/class/messages')).status, 200);
  });

  test('with the prefix takes precedence over one without it, which another host may have set', async (t) => {
    const { url } = await openApp(t, { trustProxy: 1 });
    const eve = await signedIn(url, 'Eve');
    const ann = new TestBrowser(url, TLS);
    await signIn(ann, 'Ann');
    const injected = new TestBrowser(url, TLS).setCookie('session', eve.cookie('session') ?? '');
    injected.setCookie('__Host-session', ann.cookie('__Host-session') ?? '');
    const page = await injected.get('/sign-in', { Accept: 'text/html' });
    assert.match(await page.text(), /<bdi>Ann<\/bdi>/);
  });

  test('of a session is deleted under all of its names on signing out', async (t) => {
    const { url } = await openApp(t, { trustProxy: 1 });
    const ann = new TestBrowser(url, TLS);
    await signIn(ann, 'Ann');
    ann.setCookie('session', ann.cookie('__Host-session') ?? '');
    assert.equal((await ann.post('/session/end')).status, 200);
    assert.deepEqual([ann.cookie('session'), ann.cookie('__Host-session')], [undefined, undefined]);
  });

  for (const [what, headers, prefix] of [
    ['over plain HTTP', {}, ''],
    ['under TLS', TLS, '__Host-'],
  ] as const) {
    test(`admits to the last twenty rooms that were entered, ${what}`, async (t) => {
      const { url } = await openApp(t, { trustProxy: 1 });
      const owner = await signedIn(url, 'Olga');
      const browser = new TestBrowser(url, headers);
      const rooms = Array.from({ length: 23 }, (_, n) => `class-${n}`);
      for (const name of rooms) {
        await owner.post('/rooms', { name, password: PASSWORD });
        await browser.post(`/rooms/${name}/password`, { password: PASSWORD });
      }
      // Entering a room again takes no additional entry.
      await browser.post('/rooms/class-22/password', { password: PASSWORD });
      const known = rooms.filter((room) => browser.cookie(prefix + ROOM_PASS + roomPassId(room)));
      assert.deepEqual(known, rooms.slice(3));
      assert.ok((browser.headers().Cookie ?? '').length < 2_200);
      const statuses = await Promise.all(
        rooms.map(async (room) => (await browser.get(`/rooms/${room}/messages`)).status),
      );
      assert.deepEqual(statuses, [...Array(3).fill(403), ...Array(20).fill(200)]);
    });
  }
});
