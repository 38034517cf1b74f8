import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { bodies, join, parseFragment } from '../../support/client.ts';
import { freezeClock } from '../../support/clock.ts';
import { post } from '../../support/listeners.ts';
import { openApp, suiteApp } from '../../support/server.ts';

const json = { 'Content-Type': 'application/json', Accept: 'application/json' };

const app = suiteApp();

interface Posted {
  readonly message: { id: number; uid: string; cid: string | null; body: string };
  readonly guest: { uid: string; token: string };
}

suite('Posting over HTTP', () => {
  test('works with a form: all waiters receive the message, and the response is its fragment', async (t) => {
    const { port } = await openApp(t);
    const listener = await join(t, port, '/chat');
    const response = await post(port, 'lobby', 'hello <world>');
    assert.equal(response.status, 201);
    const { body } = parseFragment(await response.text());
    assert.equal(body, 'hello &lt;world&gt;');
    assert.deepEqual(bodies(await listener.waitForFrames(2)), [body]);
  });

  test('works with JSON, and the response has the message and the identity', async (t) => {
    const { url } = await openApp(t);
    const send = async (message: string, headers = {}) => {
      const response = await fetch(`${url}/rooms/lobby/messages`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify({ message, cid: 'my-1' }),
      });
      return { status: response.status, ...((await response.json()) as Posted) };
    };
    const first = await send('hello');
    assert.equal(first.status, 201);
    assert.equal(first.message.body, 'hello');
    assert.equal(first.message.uid, first.guest.uid);
    // A retry by the same guest is the same message, by another guest another message.
    const again = await send('hello', { Authorization: `Bearer ${first.guest.token}` });
    assert.deepEqual([again.status, again.message.id], [200, 1]);
    const other = await send('hello');
    assert.deepEqual([other.status, other.message.id], [201, 2]);
  });

  test('identifies a browser by its cookie, which no script can read', async () => {
    const { port } = app;
    const first = await post(port, 'lobby', 'one');
    const cookie = first.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^visitor=.*samesite=lax; httponly$/i);
    const again = await post(port, 'lobby', 'two', { Cookie: cookie.split(';')[0] ?? '' });
    assert.equal(again.headers.get('set-cookie'), null);
    assert.equal(parseFragment(await again.text()).uid, parseFragment(await first.text()).uid);
  });

  for (const [what, status, code, body, headers] of [
    ['an empty message', 400, 'empty-message', '{"message":" "}', {}],
    ['no message', 400, 'missing-message', '{}', {}],
    ['what is not JSON', 400, 'not-json', '{"message"', {}],
    ['a bad client id', 400, 'invalid-cid', '{"message":"x","cid":"?"}', {}],
    ['bytes that are not UTF-8', 400, 'not-utf8', Buffer.from('{"message":"\xff"}', 'latin1'), {}],
    [
      'a message that is too long',
      413,
      'too-long',
      JSON.stringify({ message: 'x'.repeat(4_001) }),
      {},
    ],
    ['a body over 64 KiB', 413, 'too-large', 'x'.repeat(65_537), {}],
    ['another type', 415, 'unsupported-media-type', 'hello', { 'Content-Type': 'text/plain' }],
    [
      'a type by inheritance',
      415,
      'unsupported-media-type',
      'hello',
      { 'Content-Type': 'constructor' },
    ],
    ['a packed body', 415, 'unsupported-media-type', '{}', { 'Content-Encoding': 'gzip' }],
  ] as const) {
    test(`rejects ${what} with ${status}, and changes nothing`, async () => {
      const { url, port } = app;
      const before = await post(port, 'lobby', 'before');
      const { id } = parseFragment(await before.text());
      const response = await fetch(`${url}/rooms/lobby/messages`, {
        method: 'POST',
        headers: { ...json, ...headers },
        body,
      });
      assert.equal(response.status, status);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      assert.equal(error.code, code);
      assert.ok(error.message.length > 10);
      const next = await post(port, 'lobby', 'next');
      assert.equal(parseFragment(await next.text()).id, id + 1);
    });
  }

  test('rejects another text under the same client id with 409', async () => {
    const { url } = app;
    const send = (message: string, token = '') =>
      fetch(`${url}/rooms/lobby/messages`, {
        method: 'POST',
        headers: { ...json, Authorization: `Bearer ${token}` },
        body: JSON.stringify({ message, cid: 'c' }),
      });
    const { guest } = (await (await send('one')).json()) as Posted;
    assert.equal((await send('two', guest.token)).status, 409);
  });

  test('limits a flood from one address with 429, and says when to retry', async (t) => {
    freezeClock(t);
    const { port } = await openApp(t, { rateLimits: true });
    const responses = await Promise.all(
      Array.from({ length: 430 }, (_, n) => post(port, 'lobby', `${n}`)),
    );
    const held = responses.filter(({ status }) => status === 429);
    assert.equal(held.length, 30);
    assert.equal(held[0]?.headers.get('retry-after'), '2');
  });

  test('issues a uid to a tab without a WebSocket', async () => {
    const { url } = app;
    const response = await fetch(`${url}/guests`, { method: 'POST' });
    assert.equal(response.status, 201);
    const { uid, token } = (await response.json()) as Posted['guest'];
    assert.ok(token.startsWith(`${uid}.`));
  });

  test('times out a body that does not arrive, and survives one that is aborted', async (t) => {
    const short = await openApp(t, {}, { bodyTimeoutMs: 300, headersTimeoutMs: 300 });
    const start =
      'POST /rooms/lobby/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\nContent-Type: application/json\r\n\r\n{';
    const slow = connect(short.port, '127.0.0.1');
    slow.write(start);
    const answer = Buffer.concat(await slow.toArray()).toString();
    assert.match(answer, /^HTTP\/1\.1 4(00|08) /);
    const { port } = app;
    const broken = connect(port, '127.0.0.1');
    broken.write(start);
    await once(broken, 'connect');
    broken.resetAndDestroy();
    assert.equal((await post(port, 'lobby', 'all is well')).status, 201);
  });
});

suite('A form without a script', () => {
  const html = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  test('redirects back to the room', async () => {
    const { url } = app;
    const response = await fetch(`${url}/rooms/a/messages`, {
      method: 'POST',
      headers: html,
      body: new URLSearchParams({ message: 'hello', cid: 'abc' }),
      redirect: 'manual',
    });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('location'), '/rooms/a');
  });

  test('that is rejected is shown again with its text and the reason', async () => {
    const { url } = app;
    const message = `<b>${'x'.repeat(4_000)}`;
    const response = await fetch(`${url}/rooms/a/messages`, {
      method: 'POST',
      headers: html,
      body: new URLSearchParams({ message, cid: 'abc' }),
    });
    assert.equal(response.status, 413);
    const page = await response.text();
    assert.ok(page.includes(`>&lt;b&gt;${'x'.repeat(4_000)}</textarea>`));
    assert.match(page, /role="alert">Your message is 4,003 characters long\. The limit is 4,000\./);
  });

  test('with JSON without a text is rejected with 400, and shows an empty form', async () => {
    const { url } = app;
    const response = await fetch(`${url}/rooms/a/messages`, {
      method: 'POST',
      headers: { ...html, 'Content-Type': 'application/json' },
      body: '{"message":{"toString":"x"}}',
    });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /<textarea[^>]*><\/textarea>/);
  });

  test('sent twice posts its message once; sent again after going back, it posts another', async (t) => {
    const { url, port } = await openApp(t);
    const listener = await join(t, port, '/chat');
    let cookie = '';
    const send = async (message: string) => {
      const response = await fetch(`${url}/rooms/lobby/messages`, {
        method: 'POST',
        headers: { ...html, Cookie: cookie },
        body: new URLSearchParams({ message, cid: 'of-the-page' }),
        redirect: 'manual',
      });
      cookie ||= response.headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    await send('one');
    await send('one');
    await send('two');
    assert.deepEqual(bodies(await listener.waitForFrames(3)), ['one', 'two']);
  });
});

suite('The page without scripts', () => {
  test('shows the messages, refreshes itself, and links to older messages and back', async (t) => {
    const { url, port } = await openApp(t);
    const speaker = await join(t, port, '/chat');
    for (let n = 1; n <= 250; n += 1) speaker.post(`message ${n}.`);
    await speaker.waitForFrames(251);
    const page = async (path: string) => (await fetch(url + path)).text();
    const now = await page('/rooms/lobby/plain');
    assert.ok(now.includes('message 250.') && now.includes('message 151.'));
    assert.match(now, /http-equiv="refresh"/);
    const [, older = ''] = /href="([^"]+before=\d+)"/.exec(now) ?? [];
    const past = await page(older);
    assert.ok(past.includes('message 150.') && past.includes('message 51.'));
    assert.ok(!past.includes('http-equiv="refresh"'), 'the past does not change');
    assert.ok(past.includes('href="/rooms/lobby/plain"'));
    const [, oldest = ''] = /href="([^"]+before=\d+)"/.exec(past) ?? [];
    const beginning = await page(oldest);
    assert.ok(beginning.includes('message 1.') && !beginning.includes('before='));
  });

  test('may be in a frame of this server, and costs nothing while nothing happens', async () => {
    const { url } = app;
    const response = await fetch(`${url}/rooms/lobby/plain`);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'self'/);
    assert.equal(response.headers.get('x-frame-options'), 'SAMEORIGIN');
    const etag = response.headers.get('etag') ?? '';
    // As a browser revalidates it: without this, fetch requests a response without cache.
    const again = get(`${url}/rooms/lobby/plain`, { headers: { 'If-None-Match': etag } });
    const [{ statusCode }] = await once(again, 'response');
    assert.equal(statusCode, 304);
  });

  for (const before of ['%0a', 'x', '0', '1&before=2', '\u{1f300}']) {
    test(`before ${before}, which is no id, is rejected with 400`, async () => {
      const { url } = app;
      const response = await fetch(`${url}/rooms/lobby/plain?before=${before}`);
      assert.equal(response.status, 400);
    });
  }

  test('of another room is opened by its name in a form', async () => {
    const { url } = app;
    const response = await fetch(`${url}/rooms?name=${encodeURIComponent(' 大厅 ')}`, {
      redirect: 'manual',
    });
    assert.equal(response.headers.get('location'), `/rooms/${encodeURIComponent('大厅')}`);
  });
});
