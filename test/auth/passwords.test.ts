import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { WebSocket } from 'ws';
import { ROOM_PASS, roomPassId } from '../../server/auth/access-passes.ts';
import { join, rejectedUpgrade } from '../support/client.ts';
import { type Endpoint, requestsFor } from '../support/endpoints.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../support/test-browser.ts';

const WORD = 'open sesame';
/** Texts that nobody may receive without the password. */
const SECRETS = ['spoken-in-there', 'topic-in-there', 'Ann-in-there'] as const;
/** The assets that the password page needs, and the endpoint that it submits to. */
const OUTSIDE = /^\/(assets\/x|icon\.svg|password)$/;

function basic(room: string, server: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${room}:${server}`).toString('base64')}` };
}

/** Sends a request. Returns the status, the headers and as much of the body as ends. */
async function ask(visit: TestBrowser, { method, path, fields }: Endpoint, accept: string) {
  const headers = { Accept: accept };
  const all = Object.fromEntries((fields ?? []).map((name) => [name, 'x']));
  const form = 'type' in all ? { type: 'presence' } : all;
  const response = await (method === 'GET'
    ? visit.get(path, headers)
    : visit.post(path, form, headers));
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (isStream) await response.body?.cancel();
  const body = isStream ? '' : await response.text();
  return { status: response.status, text: `${JSON.stringify([...response.headers])}${body}` };
}

function holdsNoSecret(text: string, where: string): void {
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} is in ${where}`);
}

/** A room that Ann has created, with a message. */
async function furnish(url: string, how: Readonly<Record<string, unknown>>, owner: TestBrowser) {
  await owner.post('/session', { name: SECRETS[2] });
  const made = await owner.post('/rooms', { name: 'class', topic: SECRETS[1], ...how });
  assert.equal(made.status, 201, url);
  const said = await owner.post('/rooms/class/messages', { message: SECRETS[0] });
  assert.equal(said.status, 201);
}

suite('A server with a password', () => {
  test('reveals nothing without the password, at any endpoint', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: WORD });
    const ann = new TestBrowser(url, basic('', WORD));
    await furnish(url, { listed: true }, ann);
    await join(t, port, '/rooms/class/live', { headers: ann.headers() });
    const stranger = new TestBrowser(url);
    const inside = requestsFor('class').filter(({ path }) => !OUTSIDE.test(path));
    assert.ok(inside.length > 25);
    for (const request of inside) {
      for (const accept of ['text/html', 'application/json', 'text/event-stream']) {
        const { status, text } = await ask(stranger, request, accept);
        const isSocket = /^\/(chat|rooms\/class\/live)/.test(request.path);
        assert.equal(status, isSocket ? 426 : 401, `${request.method} ${request.path}`);
        holdsNoSecret(text, request.path);
        const cookies = text.match(/"set-cookie","[^=]+/g) ?? [];
        assert.deepEqual(
          cookies.filter((one) => !one.endsWith('"browser')),
          [],
          'nobody is made',
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
    const { url, port } = await openApp(t, { serverPassword: WORD });
    const visit = new TestBrowser(url);
    const page = await visit.get('/rooms/class?x=1', { Accept: 'text/html' });
    assert.equal(page.status, 401);
    assert.match(await page.text(), /name="next" value="\/rooms\/class\?x=1"/);
    const wrong = await visit.submit('/password', { password: 'x', next: '/rooms/class' });
    assert.equal(wrong.status, 403);
    assert.match(await wrong.text(), /name="next" value="\/rooms\/class"/);
    const said = await visit.submit('/password', {
      password: ` ${WORD}\u3000`,
      next: '/rooms/class',
    });
    assert.deepEqual([said.status, said.headers.get('location')], [303, '/rooms/class']);
    assert.match(
      said.headers.get('set-cookie') ?? '',
      /^pass=[\w-]{43}; .*samesite=lax; httponly$/i,
    );
    assert.equal((await visit.get('/rooms/class')).status, 200);
    await join(t, port, '/chat', { headers: visit.headers() });
  });

  test('admits a program that sends the password with each request', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: WORD });
    const program = new TestBrowser(url, basic('', WORD));
    for (const path of [
      '/',
      '/rooms',
      '/rooms/class/messages',
      '/rooms/class/unread',
      '/transports',
    ]) {
      assert.equal((await program.get(path)).status, 200, path);
    }
    await join(t, port, '/rooms/class/live', { headers: basic('whatever', WORD) });
    const cut = await new TestBrowser(url, { Authorization: 'Basic %%%' }).get('/rooms');
    assert.equal(cut.status, 401);
  });

  for (const [what, headers, say] of [
    [
      'in the form',
      {},
      (visit: TestBrowser, password: string) => visit.post('/password', { password }),
    ],
    [
      'with a request',
      {},
      (visit: TestBrowser, password: string) =>
        visit.get('/rooms', { ...basic('', password), Accept: 'application/json' }),
    ],
    [
      'with a poll',
      {},
      (visit: TestBrowser, password: string) =>
        visit.get('/rooms/a/messages', { ...basic('', password), Accept: 'application/json' }),
    ],
  ] as const) {
    test(`limits attempts ${what}, and not those of other addresses`, async (t) => {
      const { url } = await openApp(t, { serverPassword: WORD, trustProxy: 1 });
      const attacker = new TestBrowser(url, { ...headers, 'X-Forwarded-For': '10.0.0.1' });
      await attacker.get('/', { Accept: 'text/html' });
      for (let n = 0; n < 6; n += 1) {
        const response = await say(attacker, `guess ${n}`);
        assert.deepEqual(await errorOf(response), [403, 'wrong-server-password']);
      }
      const slow = await say(attacker, WORD);
      assert.match(slow.headers.get('retry-after') ?? '', /^[12]$/);
      assert.deepEqual(await errorOf(slow), [429, 'too-many-attempts']);
      const other = new TestBrowser(url, { 'X-Forwarded-For': '10.0.0.2' });
      assert.equal((await say(other, WORD)).status, 200);
    });
  }

  test('limits attempts over WebSocket, too', async (t) => {
    const { port } = await openApp(t, { serverPassword: WORD });
    for (let n = 0; n < 6; n += 1) {
      assert.equal((await rejectedUpgrade(port, '/chat', basic('', `guess ${n}`))).status, 403);
    }
    const slow = await rejectedUpgrade(port, '/chat', basic('', WORD));
    assert.equal(slow.status, 429);
    assert.match(slow.headers['retry-after'] ?? '', /^[12]$/);
  });

  test('rejects the pass of another password, and a forged one', async (t) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data, serverPassword: WORD });
    const visit = new TestBrowser(first.url);
    await visit.post('/password', { password: WORD });
    const pass = visit.cookie('pass') ?? '';
    await first.close();
    const again = await openApp(t, { data, serverPassword: WORD });
    assert.equal(
      (await new TestBrowser(again.url).setCookie('pass', pass).get('/rooms')).status,
      200,
    );
    await again.close();
    const { url } = await openApp(t, { data, serverPassword: 'another word' });
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
  const asked = requestsFor('class').filter(
    ({ path }) => path.startsWith('/rooms') || path.startsWith('/chat') || path === '/random',
  );

  test('reveals nothing without the password, at any endpoint', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await furnish(url, { listed: true, password: WORD }, ann);
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
    const strangers = [new TestBrowser(url), await signedIn(url, 'Eve')];
    for (const stranger of strangers) {
      for (const request of [...asked, ...more]) {
        const { status, text } = await ask(stranger, request, 'application/json');
        holdsNoSecret(text, request.path);
        assert.ok(!/"count":|"people":[^0]/.test(text.replace('"people":0', '')), request.path);
        const isOfRoom = /^\/rooms\/cl/.test(request.path);
        const isRefused = isOfRoom && !request.path.endsWith('/password');
        if (isRefused) assert.ok([403, 426].includes(status), `${request.path}: ${status}`);
      }
      const path = '/rooms/class/live';
      for (const at of [path, `${path}?after=${epoch}.0`, '/chat?room=class']) {
        const { status, text } = await rejectedUpgrade(port, at, stranger.headers(path));
        assert.equal(status, 403, at);
        holdsNoSecret(text, at);
      }
      const list = await stranger.get('/rooms', { Accept: 'application/json' });
      assert.deepEqual(await list.json(), { rooms: [] });
    }
    const page = await strangers[0]?.get('/rooms/class', { Accept: 'text/html' });
    assert.match((await page?.text()) ?? '', /action="\/rooms\/class\/password"/);
    // After the password, the link to a message, or to the projector, leads there.
    for (const path of ['/rooms/class?at=1', '/rooms/class/present']) {
      const visit = new TestBrowser(url);
      const asked = await visit.get(path, { Accept: 'text/html' });
      assert.match(
        await asked.text(),
        new RegExp(`name="next" value="${path.replace('?', '\\?')}"`),
      );
      const wrong = await visit.submit('/rooms/class/password', { password: 'x', next: path });
      assert.equal(wrong.status, 403);
      assert.ok((await wrong.text()).includes(`name="next" value="${path}"`));
      const said = await visit.submit('/rooms/class/password', { password: WORD, next: path });
      assert.equal(said.headers.get('location'), path);
      const away = await visit.submit('/rooms/class/password', {
        password: WORD,
        next: '//a.example',
      });
      assert.equal(away.headers.get('location'), '/rooms/class');
    }
  });

  test('admits a guest who submits the password, to that room only, until the password changes', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await furnish(url, { password: WORD }, ann);
    await ann.post('/rooms', { name: 'class-two', password: WORD });
    const bob = new TestBrowser(url);
    const said = await bob.submit('/rooms/class/password', { password: WORD });
    assert.deepEqual([said.status, said.headers.get('location')], [303, '/rooms/class']);
    const cookie = said.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^room-pass-[\w-]{11}=[\w-]{43}; path=\/; .*samesite=lax; httponly$/i);
    const [, name = '', pass = ''] = /^(.*?)=(.*?);/.exec(cookie) ?? [];
    const ways = ['', '/plain', '/messages', '/unread', '/presence', '/messages?before=100'];
    for (const way of ways) {
      assert.equal((await bob.get(`/rooms/class${way}`)).status, 200, way);
    }
    const path = '/rooms/class/live';
    await join(t, port, path, { headers: bob.headers(path) });
    assert.equal((await bob.get('/rooms/class-two')).status, 403);
    const elsewhere = new TestBrowser(url).setCookie(ROOM_PASS + roomPassId('class-two'), pass);
    assert.equal((await elsewhere.get('/rooms/class-two')).status, 403, 'carried elsewhere');
    const carried = new TestBrowser(url).setCookie(name, pass);
    assert.equal((await carried.get('/rooms/class')).status, 200, 'by whoever has it');
    await ann.post('/rooms/class/commands', { type: 'set-password', password: 'another word' });
    assert.equal((await bob.get('/rooms/class')).status, 403);
    await ann.post('/rooms/class/commands', { type: 'set-password', password: '' });
    assert.equal((await bob.get('/rooms/class')).status, 200);
  });

  test('admits a program that sends the password with each request, on every transport', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: 'the server' });
    const ann = new TestBrowser(url, basic('', 'the server'));
    await furnish(url, { password: WORD }, ann);
    const program = basic(WORD, 'the server');
    for (const way of ['', '/messages', '/unread', '/presence']) {
      const path = `/rooms/class${way}`;
      assert.equal((await new TestBrowser(url, program).get(path)).status, 200, path);
      assert.equal(
        (await new TestBrowser(url, basic('', 'the server')).get(path)).status,
        403,
        path,
      );
      assert.equal((await new TestBrowser(url, basic(WORD, '')).get(path)).status, 401, path);
    }
    for (const path of ['/rooms/class/live', '/chat?room=class']) {
      await join(t, port, path, { headers: program });
    }
  });

  test('needs no password from its owner or a moderator', async (t) => {
    const moderatorKey = 'the key of the moderators';
    const { url } = await openApp(t, { moderatorKey });
    const ann = new TestBrowser(url);
    await furnish(url, { password: WORD }, ann);
    const mo = await signedIn(url, 'Mo');
    assert.equal((await mo.get('/rooms/class')).status, 403);
    await mo.post('/session/moderator', { key: moderatorKey });
    for (const visit of [ann, mo]) {
      for (const way of ['', '/messages', '/unread', '/presence', '/settings']) {
        assert.equal((await visit.get(`/rooms/class${way}`)).status, 200, way);
      }
    }
  });

  test('limits attempts over any endpoint, and not those of other addresses', async (t) => {
    const { url } = await openApp(t, { trustProxy: 1 });
    await furnish(url, { password: WORD }, new TestBrowser(url));
    const attacker = new TestBrowser(url, { 'X-Forwarded-For': '10.0.0.1' });
    await attacker.get('/rooms/class', { Accept: 'text/html' });
    const json = { Accept: 'application/json' };
    const ways = [
      (password: string) => attacker.post('/rooms/class/password', { password }),
      (password: string) => attacker.get('/rooms/class', { ...basic(password, ''), ...json }),
      (password: string) =>
        attacker.get('/rooms/class/messages', { ...basic(password, ''), ...json }),
    ];
    for (let n = 0; n < 6; n += 1) {
      const response = await ways[n % ways.length]?.(`guess ${n}`);
      assert.deepEqual(response && (await errorOf(response)), [403, 'wrong-password']);
    }
    for (const way of ways) {
      const slow = await way(WORD);
      assert.match(slow.headers.get('retry-after') ?? '', /^[12]$/);
      assert.deepEqual(await errorOf(slow), [429, 'too-many-attempts']);
    }
    const other = new TestBrowser(url, { 'X-Forwarded-For': '10.0.0.2' });
    assert.equal((await other.post('/rooms/class/password', { password: WORD })).status, 200);
    assert.equal((await attacker.post('/rooms/other/password', { password: 'x' })).status, 200);
  });

  test('is not listed, even if it has members and many other rooms are listed', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await furnish(url, { listed: true, password: WORD }, ann);
    await join(t, port, '/rooms/class/live', { headers: ann.headers() });
    await Promise.all(
      Array.from({ length: 101 }, (_, n) =>
        ann.post(`/rooms/other-${n}/messages`, { message: 'x' }),
      ),
    );
    const stranger = new TestBrowser(url);
    const list = await stranger.get('/rooms', { Accept: 'application/json' });
    const { rooms } = (await list.json()) as { rooms: { name: string }[] };
    assert.equal(rooms.length, 100);
    assert.ok(!rooms.some(({ name }) => name === 'class'));
    holdsNoSecret(await (await stranger.get('/rooms', { Accept: 'text/html' })).text(), 'the list');
  });

  test('asks for the password on reconnect after one was set', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await furnish(url, {}, ann);
    const path = '/rooms/class/live';
    const bob = await join(t, port, path);
    await ann.post('/rooms/class/commands', { type: 'set-password', password: WORD });
    bob.ws.close();
    await once(bob.ws, 'close');
    assert.equal(bob.ws.readyState, WebSocket.CLOSED);
    assert.equal((await rejectedUpgrade(port, path)).status, 403);
  });
});
