import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Config } from '../../server/config.ts';
import { join, rejectedUpgrade } from '../support/client.ts';
import { freezeClock } from '../support/clock.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../support/test-browser.ts';

const PASSWORD = 'open sesame';
const USER_PASSWORD = 'correct horse battery';
const KEY = 'the key of the moderators';
const SCHOOL = { 'X-Forwarded-For': '192.0.2.1' } as const;
const ELSEWHERE = { 'X-Forwarded-For': '192.0.2.2' } as const;

/**
 * A server with a moderator key, a room with a password and a reserved name. The clock is frozen.
 */
async function open(t: TestContext, config: Partial<Config> = {}) {
  const app = await openApp(t, { trustProxy: 1, moderatorKey: KEY, ...config });
  freezeClock(t);
  const owner = await signedIn(app.url, 'Olga', USER_PASSWORD);
  assert.equal((await owner.post('/rooms', { name: 'class', password: PASSWORD })).status, 201);
  return { ...app, owner };
}

/** A browser that has loaded the form: it has a cookie. */
async function browserAt(
  url: string,
  from: Readonly<Record<string, string>>,
): Promise<TestBrowser> {
  const browser = new TestBrowser(url, from);
  await browser.get('/sign-in', { Accept: 'text/html' });
  assert.ok(browser.cookie('browser'));
  return browser;
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  return (await answer).status;
}

const submitPassword = (browser: TestBrowser, password: string) =>
  statusOf(browser.post('/rooms/class/password', { password }));

/** What can be guessed, and how it is submitted. */
const SECRETS = [
  ['the password of a room', PASSWORD, submitPassword],
  [
    "a user's password",
    USER_PASSWORD,
    async (browser: TestBrowser, password: string) => {
      const status = await statusOf(browser.post('/session', { name: 'Olga', password }));
      return status === 201 ? 200 : status;
    },
  ],
  [
    'the moderator key',
    KEY,
    (browser: TestBrowser, key: string) => statusOf(browser.post('/session/moderator', { key })),
  ],
] as const;

suite('Guessing', () => {
  for (const [what, right, guess] of SECRETS) {
    test(`${what} in one browser does not limit other browsers at its address`, async (t) => {
      const { url } = await open(t);
      const [eve, ben] = [await browserAt(url, SCHOOL), await browserAt(url, SCHOOL)];
      for (const [index, browser] of [eve, ben].entries()) {
        await browser.post('/session', { name: `Pupil ${index}` });
      }
      const statuses: number[] = [];
      for (let n = 0; n < 8; n += 1) statuses.push(await guess(eve, `a wrong guess ${n}`));
      assert.deepEqual(statuses, [...Array(6).fill(403), 429, 429]);
      assert.equal(await guess(eve, right), 429, 'the correct password, too');
      assert.equal(await guess(ben, right), 200);
    });
  }

  test('the server password in one browser does not limit other browsers at its address', async (t) => {
    const { url } = await openApp(t, { serverPassword: PASSWORD, trustProxy: 1 });
    freezeClock(t);
    const shown = async () => {
      const browser = new TestBrowser(url, SCHOOL);
      const page = await browser.get('/', { Accept: 'text/html' });
      assert.equal(page.status, 401);
      return browser;
    };
    const [eve, ben] = [await shown(), await shown()];
    for (let n = 0; n < 6; n += 1) {
      assert.equal(await statusOf(eve.post('/password', { password: `${n}` })), 403);
    }
    assert.equal(await statusOf(eve.post('/password', { password: PASSWORD })), 429);
    assert.equal(await statusOf(ben.post('/password', { password: PASSWORD })), 200);
  });

  test('without cookies is limited together with all clients of the address that have none', async (t) => {
    const { url, port } = await open(t);
    const basic = (password: string) => ({
      ...SCHOOL,
      Authorization: `Basic ${Buffer.from(`${password}:`).toString('base64')}`,
    });
    for (let n = 0; n < 6; n += 1)
      assert.equal(await submitPassword(new TestBrowser(url, SCHOOL), `${n}`), 403);
    assert.equal(await submitPassword(new TestBrowser(url, SCHOOL), PASSWORD), 429);
    assert.equal((await rejectedUpgrade(port, '/rooms/class/live', basic(PASSWORD))).status, 429);
    const messages = await new TestBrowser(url, basic(PASSWORD)).get('/rooms/class/messages');
    assert.equal(messages.status, 429);
    assert.equal(await submitPassword(await browserAt(url, SCHOOL), PASSWORD), 200);
    assert.equal(await submitPassword(new TestBrowser(url, ELSEWHERE), PASSWORD), 200);
  });

  test('from ever new browsers is limited, and browsers that gave the password before are not', async (t) => {
    const { url, port, owner } = await open(t);
    const known = await browserAt(url, SCHOOL);
    assert.equal(await submitPassword(known, PASSWORD), 200);
    const other = await browserAt(url, SCHOOL);
    assert.equal(await submitPassword(other, PASSWORD), 200);
    let wrong = 0;
    while ((await submitPassword(await browserAt(url, SCHOOL), 'x')) === 403) wrong += 1;
    assert.equal(wrong, 100);
    const unknown = await browserAt(url, SCHOOL);
    const slow = await unknown.post('/rooms/class/password', { password: PASSWORD });
    assert.equal(slow.headers.get('retry-after'), '30');
    assert.deepEqual(await errorOf(slow), [429, 'too-many-attempts']);
    // A pass is no attempt; nor is a session, or a name that is not reserved.
    assert.equal((await known.get('/rooms/class/messages')).status, 200);
    await join(t, port, '/rooms/class/live', { headers: known.headers() });
    assert.equal(await statusOf(unknown.post('/session', { name: 'Pupil' })), 201);
    const here = new TestBrowser(url, { ...SCHOOL, ...owner.headers() });
    assert.equal((await here.get('/rooms/class/messages')).status, 200);
    // The password is changed: browsers that gave the one before may try the new one.
    await owner.post('/rooms/class/commands', {
      type: 'set-password',
      password: 'another password',
    });
    assert.equal((await known.get('/rooms/class/messages')).status, 403);
    assert.equal(await submitPassword(known, 'another password'), 200);
    assert.equal(await submitPassword(unknown, 'another password'), 429);
    assert.equal(await submitPassword(await browserAt(url, ELSEWHERE), 'another password'), 200);
  });

  test("a user's password from everywhere does not lock the user out", async (t) => {
    const data = temporaryFolder(t);
    const first = await open(t, { data });
    const home = await browserAt(first.url, ELSEWHERE);
    const signIn = (browser: TestBrowser, password: string) =>
      statusOf(browser.post('/session', { name: 'Olga', password }));
    assert.equal(await signIn(home, USER_PASSWORD), 201);
    await home.post('/session/end');
    await first.close();

    // What browsers have proved is in their cookies: a restart does not change it.
    const { url } = await openApp(t, { data, trustProxy: 1 });
    const from = (n: number) => new TestBrowser(url, { 'X-Forwarded-For': `198.51.100.${n}` });
    const statuses = await Promise.all(
      Array.from({ length: 24 }, (_, n) => signIn(from(n), `wrong guess ${n}`)),
    );
    assert.deepEqual(statuses.sort(), [...Array(20).fill(403), ...Array(4).fill(429)]);
    assert.equal(await signIn(from(99), USER_PASSWORD), 429, 'from an unknown browser');
    const back = new TestBrowser(url, { 'X-Forwarded-For': '198.51.100.100' });
    back.setCookie('browser', home.cookie('browser') ?? '');
    assert.equal(await signIn(back, USER_PASSWORD), 201);
    const neighbour = new TestBrowser(url, { 'X-Forwarded-For': '198.51.100.100' });
    assert.equal(await signIn(neighbour, USER_PASSWORD), 201, 'from the same address');
    assert.equal(await signIn(back, USER_PASSWORD), 201, 'when already signed in');
  });
});
