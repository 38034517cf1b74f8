import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { WebSocket } from 'ws';
import { ROOM_PASS, roomPassId } from '../../server/auth/access-passes.ts';
import { join, rejectedUpgrade } from '../support/client.ts';
import { type Endpoint, requestsFor } from '../support/endpoints.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../support/test-browser.ts';

const PASSWORD = 'open sesame';
/** Texts that nobody may receive without the password. */
const SECRETS = ['spoken-in-there', 'topic-in-there', 'Ann-in-there'] as const;
/** The assets that the password page needs, and the endpoint that it submits to. */
const OUTSIDE = /^\/(assets\/x|icon\.svg|password)$/;

function basic(room: string, server: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${room}:${server}`).toString('base64')}` };
}

/** Sends a request. Returns the status, the headers and as much of the body as ends. */
async function send(browser: TestBrowser, { method, path, fields }: Endpoint, accept: string) {
  const headers = { Accept: accept };
  const all = Object.fromEntries((fields ?? []).map((name) => [name, 'x']));
  const form = 'type' in all ? { type: 'presence' } : all;
  const response = await (method === 'GET'
    ? browser.get(path, headers)
    : browser.post(path, form, headers));
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (isStream) await response.body?.cancel();
  const body = isStream ? '' : await response.text();
  return { status: response.status, text: `${JSON.stringify([...response.headers])}${body}` };
}

function holdsNoSecret(text: string, where: string): void {
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} is in ${where}`);
}

/** A room that Ann has created, with a message. */
async function createSecretRoom(
  url: string,
  how: Readonly<Record<string, unknown>>,
  owner: TestBrowser,
) {
  await owner.post('/session', { name: SECRETS[2] });
  const created = await owner.post('/rooms', { name: 'class', topic: SECRETS[1], ...how });
  assert.equal(created.status, 201, url);
  const response = await owner.post('/rooms/class/messages', { message: SECRETS[0] });
  assert.equal(response.status, 201);
}

suite('A server with a password', () => {
  test('reveals nothing without the password, at any endpoint', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: PASSWORD });
    const ann = new TestBrowser(url, basic('', PASSWORD));
    await createSecretRoom(url, { listed: true }, ann);
    await join(t, port, '/rooms/class/live', { headers: ann.headers() });
    const guest = new TestBrowser(url);
    const inside = requestsFor('class').filter(({ path }) => !OUTSIDE.test(path));
    assert.ok(inside.length > 25);
    for (const request of inside) {
      for (const accept of ['text/html', 'application/json', 'text/event-stream']) {
        const { status, text } = await send(guest, request, accept);
        const isSocket = /^\/(chat|rooms\/class\/live)/.test(request.path);
        assert.equal(status, isSocket ? 426 : 401, `${request.method} ${request.path}`);
        holdsNoSecret(text, request.path);
        const cookies = text.match(/"set-cookie","[^=]+/g) ?? [];
        assert.deepEqual(
          cookies.filter((cookie) => !cookie.endsWith('"browser')),
          [],
          'no guest is created',
        );
      }
    }
    for (const path of [
      '/chat',
      '/chat?room=class',
      '/rooms/class/live',
      '/rooms/class/live?after=a.1',
    ]) {
      const { status, text } = await rejectedUpgrade(port, path);
      assert.equal(status, 401, path);
      holdsNoSecret(text, path);
    }
  });

  test('admits a guest who submits the password, and redirects to the requested page', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: PASSWORD });
    const browser = new TestBrowser(url);
    const page = await browser.get('/rooms/class?x=1', { Accept: 'text/html' });
    assert.equal(page.status, 401);
    assert.match(await page.text(), /name="next" value="\/rooms\/class\?x=1"/);
    const wrong = await browser.submit('/password', { password: 'x', next: '/rooms/class' });
    assert.equal(wrong.status, 403);
    assert.match(await wrong.text(), /name="next" value="\/rooms\/class"/);
    const response = await browser.submit('/password', {
      password: ` ${PASSWORD}\u3000`,
      next: '/rooms/class',
    });
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/rooms/class']);
    assert.match(
      response.headers.get('set-cookie') ?? '',
      /^pass=[\w-]{43}; .*samesite=lax; httponly$/i,
    );
    assert.equal((await browser.get('/rooms/class')).status, 200);
    await join(t, port, '/chat', { headers: browser.headers() });
  });

  test('admits a program that sends the password with each request', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: PASSWORD });
    const program = new TestBrowser(url, basic('', PASSWORD));
    for (const path of [
      '/',
      '/rooms',
      '/rooms/class/messages',
      '/rooms/class/unread',
      '/transports',
    ]) {
      assert.equal((await program.get(path)).status, 200, path);
    }
    await join(t, port, '/rooms/class/live', { headers: basic('whatever', PASSWORD) });
    const cut = await new TestBrowser(url, { Authorization: 'Basic %%%' }).get('/rooms');
    assert.equal(cut.status, 401);
  });

  for (const [what, headers, submit] of [
    [
      'in the form',
      {},
      (browser: TestBrowser, password: string) => browser.post('/password', { password }),
    ],
    [
      'with a request',
      {},
      (browser: TestBrowser, password: string) =>
        browser.get('/rooms', { ...basic('', password), Accept: 'application/json' }),
    ],
    [
      'with polling',
      {},
      (browser: TestBrowser, password: string) =>
        browser.get('/rooms/a/messages', { ...basic('', password), Accept: 'application/json' }),
    ],
  ] as const) {
    test(`limits attempts ${what}, and not those of other addresses`, async (t) => {
      const { url } = await openApp(t, { serverPassword: PASSWORD, trustProxy: 1 });
      const attacker = new TestBrowser(url, { ...headers, 'X-Forwarded-For': '10.0.0.1' });
      await attacker.get('/', { Accept: 'text/html' });
      for (let n = 0; n < 6; n += 1) {
        const response = await submit(attacker, `guess ${n}`);
        assert.deepEqual(await errorOf(response), [403, 'wrong-server-password']);
      }
      const slow = await submit(attacker, PASSWORD);
      assert.match(slow.headers.get('retry-after') ?? '', /^[12]$/);
      assert.deepEqual(await errorOf(slow), [429, 'too-many-attempts']);
      const other = new TestBrowser(url, { 'X-Forwarded-For': '10.0.0.2' });
      assert.equal((await submit(other, PASSWORD)).status, 200);
    });
  }

  test('limits attempts over WebSocket, too', async (t) => {
    const { port } = await openApp(t, { serverPassword: PASSWORD });
    for (let n = 0; n < 6; n += 1) {
      assert.equal((await rejectedUpgrade(port, '/chat', basic('', `guess ${n}`))).status, 403);
    }
    const slow = await rejectedUpgrade(port, '/chat', basic('', PASSWORD));
    assert.equal(slow.status, 429);
    assert.match(slow.headers['retry-after'] ?? '', /^[12]$/);
  });

  test('rejects the pass of another password, and a forged one', async (t) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data, serverPassword: PASSWORD });
    const browser = new TestBrowser(first.url);
    await browser.post('/password', { password: PASSWORD });
    const pass = browser.cookie('pass') ?? '';
    await first.close();
    const again = await openApp(t, { data, serverPassword: PASSWORD });
    assert.equal(
      (await new TestBrowser(again.url).setCookie('pass', pass).get('/rooms')).status,
      200,
    );
    await again.close();
    const { url } = await openApp(t, { data, serverPassword: 'another password' });
    for (const value of [pass, '', pass.slice(1), `${pass}A`, '__proto__', 'undefined']) {
      assert.equal(
        (await new TestBrowser(url).setCookie('pass', value).get('/rooms')).status,
        401,
        value,
      );
    }
  });
});

suite('A room with a password', () => {
  /** The endpoints that may reveal the room. */
  const endpoints = requestsFor('class').filter(
    ({ path }) => path.startsWith('/rooms') || path.startsWith('/chat') || path === '/random',
  );

  test('reveals nothing without the password, at any endpoint', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await createSecretRoom(url, { listed: true, password: PASSWORD }, ann);
    await join(t, port, '/rooms/class/live', { headers: ann.headers('/rooms/class/live') });
    const cursor = (
      (await (await ann.get('/rooms/class/messages', { Accept: 'application/json' })).json()) as {
        cursor: string;
      }
    ).cursor;
    const epoch = cursor.split('.')[0] ?? '';
    const more: readonly Endpoint[] = [
      { method: 'GET', path: `/rooms/class/messages?after=${epoch}.0` },
      { method: 'GET', path: `/rooms/class/messages?after=${cursor}&wait=60` },
      { method: 'GET', path: `/rooms/class/events?after=${epoch}.0` },
      { method: 'GET', path: '/rooms/class/unread?after=0' },
      { method: 'GET', path: '/rooms/cl%61ss/messages' },
    ];
    const guests = [new TestBrowser(url), await signedIn(url, 'Eve')];
    for (const guest of guests) {
      for (const request of [...endpoints, ...more]) {
        const { status, text } = await send(guest, request, 'application/json');
        holdsNoSecret(text, request.path);
        assert.ok(!/"count":|"people":[^0]/.test(text.replace('"people":0', '')), request.path);
        const isOfRoom = /^\/rooms\/cl/.test(request.path);
        const isRefused = isOfRoom && !request.path.endsWith('/password');
        if (isRefused) assert.ok([403, 426].includes(status), `${request.path}: ${status}`);
      }
      const path = '/rooms/class/live';
      for (const at of [path, `${path}?after=${epoch}.0`, '/chat?room=class']) {
        const { status, text } = await rejectedUpgrade(port, at, guest.headers(path));
        assert.equal(status, 403, at);
        holdsNoSecret(text, at);
      }
      const list = await guest.get('/rooms', { Accept: 'application/json' });
      assert.deepEqual(await list.json(), { rooms: [] });
    }
    const page = await guests[0]?.get('/rooms/class', { Accept: 'text/html' });
    assert.match((await page?.text()) ?? '', /action="\/rooms\/class\/password"/);
    // After the password, the link to a message, or to the projector, leads there.
    for (const path of ['/rooms/class?at=1', '/rooms/class/present']) {
      const browser = new TestBrowser(url);
      const form = await browser.get(path, { Accept: 'text/html' });
      assert.match(
        await form.text(),
        new RegExp(`name="next" value="${path.replace('?', '\\?')}"`),
      );
      const wrong = await browser.submit('/rooms/class/password', { password: 'x', next: path });
      assert.equal(wrong.status, 403);
      assert.ok((await wrong.text()).includes(`name="next" value="${path}"`));
      const response = await browser.submit('/rooms/class/password', {
        password: PASSWORD,
        next: path,
      });
      assert.equal(response.headers.get('location'), path);
      const away = await browser.submit('/rooms/class/password', {
        password: PASSWORD,
        next: '//a.example',
      });
      assert.equal(away.headers.get('location'), '/rooms/class');
    }
  });

  test('admits a guest who submits the password, to that room only, until the password changes', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await createSecretRoom(url, { password: PASSWORD }, ann);
    await ann.post('/rooms', { name: 'class-two', password: PASSWORD });
    const bob = new TestBrowser(url);
    const response = await bob.submit('/rooms/class/password', { password: PASSWORD });
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/rooms/class']);
    const cookie = response.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^room-pass-[\w-]{11}=[\w-]{43}; path=\/; .*samesite=lax; httponly$/i);
    const [, name = '', pass = ''] = /^(.*?)=(.*?);/.exec(cookie) ?? [];
    for (const suffix of [
      '',
      '/plain',
      '/messages',
      '/unread',
      '/presence',
      '/messages?before=9',
    ]) {
      assert.equal((await bob.get(`/rooms/class${suffix}`)).status, 200, suffix);
    }
    const path = '/rooms/class/live';
    await join(t, port, path, { headers: bob.headers(path) });
    assert.equal((await bob.get('/rooms/class-two')).status, 403);
    const elsewhere = new TestBrowser(url).setCookie(ROOM_PASS + roomPassId('class-two'), pass);
    assert.equal((await elsewhere.get('/rooms/class-two')).status, 403, 'the pass of another room');
    const carried = new TestBrowser(url).setCookie(name, pass);
    assert.equal((await carried.get('/rooms/class')).status, 200, 'the pass in another browser');
    await ann.post('/rooms/class/commands', { type: 'set-password', password: 'another password' });
    assert.equal((await bob.get('/rooms/class')).status, 403);
    await ann.post('/rooms/class/commands', { type: 'set-password', password: '' });
    assert.equal((await bob.get('/rooms/class')).status, 200);
  });

  test('admits a program that sends the password with each request, on every transport', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: 'the server' });
    const ann = new TestBrowser(url, basic('', 'the server'));
    await createSecretRoom(url, { password: PASSWORD }, ann);
    const program = basic(PASSWORD, 'the server');
    for (const suffix of ['', '/messages', '/unread', '/presence']) {
      const path = `/rooms/class${suffix}`;
      assert.equal((await new TestBrowser(url, program).get(path)).status, 200, path);
      assert.equal(
        (await new TestBrowser(url, basic('', 'the server')).get(path)).status,
        403,
        path,
      );
      assert.equal((await new TestBrowser(url, basic(PASSWORD, '')).get(path)).status, 401, path);
    }
    for (const path of ['/rooms/class/live', '/chat?room=class']) {
      await join(t, port, path, { headers: program });
    }
  });

  test('needs no password from its owner or a moderator', async (t) => {
    const moderatorKey = 'the key of the moderators';
    const { url } = await openApp(t, { moderatorKey });
    const ann = new TestBrowser(url);
    await createSecretRoom(url, { password: PASSWORD }, ann);
    const mo = await signedIn(url, 'Mo');
    assert.equal((await mo.get('/rooms/class')).status, 403);
    await mo.post('/session/moderator', { key: moderatorKey });
    for (const browser of [ann, mo]) {
      for (const suffix of ['', '/messages', '/unread', '/presence', '/settings']) {
        assert.equal((await browser.get(`/rooms/class${suffix}`)).status, 200, suffix);
      }
    }
  });

  test('limits attempts over any endpoint, and not those of other addresses', async (t) => {
    const { url } = await openApp(t, { trustProxy: 1 });
    await createSecretRoom(url, { password: PASSWORD }, new TestBrowser(url));
    const attacker = new TestBrowser(url, { 'X-Forwarded-For': '10.0.0.1' });
    await attacker.get('/rooms/class', { Accept: 'text/html' });
    const json = { Accept: 'application/json' };
    const attempts = [
      (password: string) => attacker.post('/rooms/class/password', { password }),
      (password: string) => attacker.get('/rooms/class', { ...basic(password, ''), ...json }),
      (password: string) =>
        attacker.get('/rooms/class/messages', { ...basic(password, ''), ...json }),
    ];
    for (let n = 0; n < 6; n += 1) {
      const response = await attempts[n % attempts.length]?.(`guess ${n}`);
      assert.deepEqual(response && (await errorOf(response)), [403, 'wrong-password']);
    }
    for (const attempt of attempts) {
      const slow = await attempt(PASSWORD);
      assert.match(slow.headers.get('retry-after') ?? '', /^[12]$/);
      assert.deepEqual(await errorOf(slow), [429, 'too-many-attempts']);
    }
    const other = new TestBrowser(url, { 'X-Forwarded-For': '10.0.0.2' });
    assert.equal((await other.post('/rooms/class/password', { password: PASSWORD })).status, 200);
    assert.equal((await attacker.post('/rooms/other/password', { password: 'x' })).status, 200);
  });

  test('is not listed, even if it has members and many other rooms are listed', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await createSecretRoom(url, { listed: true, password: PASSWORD }, ann);
    await join(t, port, '/rooms/class/live', { headers: ann.headers() });
    await Promise.all(
      Array.from({ length: 101 }, (_, n) =>
        ann.post(`/rooms/other-${n}/messages`, { message: 'x' }),
      ),
    );
    const guest = new TestBrowser(url);
    const list = await guest.get('/rooms', { Accept: 'application/json' });
    const { rooms } = (await list.json()) as { rooms: { name: string }[] };
    assert.equal(rooms.length, 100);
    assert.ok(!rooms.some(({ name }) => name === 'class'));
    holdsNoSecret(await (await guest.get('/rooms', { Accept: 'text/html' })).text(), 'the list');
  });

  test('asks for the password on reconnect after one was set', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await createSecretRoom(url, {}, ann);
    const path = '/rooms/class/live';
    const bob = await join(t, port, path);
    await ann.post('/rooms/class/commands', { type: 'set-password', password: PASSWORD });
    bob.ws.close();
    await once(bob.ws, 'close');
    assert.equal(bob.ws.readyState, WebSocket.CLOSED);
    assert.equal((await rejectedUpgrade(port, path)).status, 403);
  });
});
