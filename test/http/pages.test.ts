import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { join, parseFragment } from '../support/client.ts';
import { openApp, spawnServer, suiteApp } from '../support/server.ts';

const app = suiteApp();

suite('A page', () => {
  test('shows the room with its history and its cursor', async (t) => {
    const { url, port } = await openApp(t);
    const client = await join(t, port, '/chat');
    client.post('hello <world>');
    await client.waitForFrames(2);
    const response = await fetch(url);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    const html = await response.text();
    assert.ok(html.includes('hello &lt;world&gt;'));
    assert.match(html, /data-room="lobby" data-cursor="[0-9a-f]{12}\.1"/);
  });

  for (const name of ['a', '大厅', 'école', 'हिन्दी', 'x'.repeat(40), 'a-b_c', '2026', '𠮷']) {
    test(`of the room ${name} exists`, async () => {
      const { url } = app;
      const response = await fetch(`${url}/rooms/${encodeURIComponent(name)}`);
      assert.equal(response.status, 200);
      assert.ok((await response.text()).includes(`data-room="${name}"`));
    });
  }

  test('of a room is the same in every Unicode normalization form of its name', async () => {
    const { url } = app;
    const response = await fetch(`${url}/rooms/${encodeURIComponent('e\u0301cole')}`);
    assert.ok((await response.text()).includes('data-room="école"'));
  });

  for (const name of [
    'a b',
    'x'.repeat(41),
    'a.b',
    'a/b',
    '<b>',
    '\u200b',
    '\u3164',
    '½',
    '😀',
    'a\u0301\u0301\u0301\u0301',
    '%00',
  ]) {
    test(`of an invalid room, "${name}", explains what to do`, async () => {
      const { url } = app;
      const response = await fetch(`${url}/rooms/${encodeURIComponent(name)}`, {
        headers: { Accept: 'text/html' },
      });
      assert.equal(response.status, 404);
      const html = await response.text();
      assert.match(html, /Invalid room name\. Use 1–40 letters/);
      assert.ok(html.includes('href="/"'), 'it links to the lobby');
    });
  }

  test('that does not exist suggests a similar name', async () => {
    const { url } = app;
    const html = await (
      await fetch(`${url}/rooms/our%20class!`, { headers: { Accept: 'text/html' } })
    ).text();
    assert.ok(html.includes('<a href="/rooms/our-class"><bdi>our-class</bdi></a>'));
  });

  test('is in the language the browser prefers', async () => {
    const { url } = app;
    for (const [accept, language, word] of [
      ['zh-CN,zh;q=0.9,en;q=0.8', 'zh', '发送'],
      ['en-GB,en;q=0.9,zh;q=0.8', 'en', 'Send'],
      ['fr', 'en', 'Send'],
      ['*', 'en', 'Send'],
    ] as const) {
      const html = await (await fetch(url, { headers: { 'Accept-Language': accept } })).text();
      assert.ok(html.includes(`<html lang="${language}"`), accept);
      assert.ok(html.includes(word));
    }
  });

  test('has a language switch, which is remembered', async () => {
    const { url } = app;
    const chosen = await fetch(`${url}/rooms/a?language=zh`, { redirect: 'manual' });
    assert.equal(chosen.status, 302);
    assert.equal(chosen.headers.get('location'), '/rooms/a');
    const cookie = chosen.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^language=zh;.*samesite=lax; httponly$/i);
    const page = await fetch(url, { headers: { Cookie: 'language=zh', 'Accept-Language': 'en' } });
    assert.ok((await page.text()).includes('<html lang="zh"'));
  });

  test('does not redirect to another server on switching the language', async () => {
    const { url } = app;
    const chosen = await fetch(`${url}//evil.example/?language=zh`, { redirect: 'manual' });
    assert.equal(chosen.headers.get('location'), '/evil.example/');
  });

  test('allows only scripts and styles that are files of the server', async () => {
    const { url } = app;
    const response = await fetch(url);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /style-src 'self'(;|$)/);
    assert.ok(!policy.includes('unsafe'));
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const html = await response.text();
    assert.ok(
      !/<style|style=|<script(?![^>]* (?:src=|type="application\/json"))|\son\w+=/i.test(html),
      'and has none',
    );
    for (const [, file = ''] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      const asset = await fetch(url + file);
      assert.equal(asset.status, 200);
      assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
    }
  });
});

suite('The history', () => {
  test('is paged, the oldest message first, as HTML or as JSON', async (t) => {
    const { url, port } = await openApp(t);
    const client = await join(t, port, '/chat');
    for (let n = 1; n <= 7; n += 1) client.post(`message ${n}`);
    await client.waitForFrames(8);
    const history = `${url}/rooms/lobby/messages`;
    const page = await (await fetch(`${history}?before=6&limit=3`)).text();
    assert.deepEqual(
      page
        .split('</article>')
        .slice(0, -1)
        .map((html) => parseFragment(html.trim()).body),
      ['message 3', 'message 4', 'message 5'],
    );
    const first = await fetch(`${history}?before=3`, { headers: { Accept: 'application/json' } });
    const { messages } = (await first.json()) as { messages: { id: number; body: string }[] };
    assert.deepEqual(
      messages.map(({ id, body }) => [id, body]),
      [
        [1, 'message 1'],
        [2, 'message 2'],
      ],
    );
    assert.equal(await (await fetch(`${history}?before=1`)).text(), '');
    const last = await fetch(`${history}?limit=2`, { headers: { Accept: 'application/json' } });
    assert.deepEqual(
      ((await last.json()) as { messages: { body: string }[] }).messages.map(({ body }) => body),
      ['message 6', 'message 7'],
    );
    assert.match(last.headers.get('link') ?? '', /before=6&limit=2>; rel="prev"/);
  });

  test('refuses parameters that exclude each other, with 400 and a sentence', async () => {
    const { url } = app;
    for (const [path, first, second] of [
      ['messages?before=9&since=1', 'before', 'since'],
      ['messages?after=a.1&before=9', 'after', 'before'],
      ['messages?after=a.1&limit=5', 'after', 'limit'],
      ['messages?wait=1&since=9', 'wait', 'since'],
      ['plain?at=3&before=9', 'at', 'before'],
      ['plain?before=3&since=9', 'before', 'since'],
    ] as const) {
      const response = await fetch(`${url}/rooms/lobby/${path}`, {
        headers: { Accept: 'application/json' },
      });
      assert.equal(response.status, 400, path);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      assert.equal(error.code, 'exclusive-parameters');
      assert.equal(error.message, `"${first}" and "${second}" can't be used together.`);
    }
  });

  for (const query of [
    'before=0',
    'before=x',
    'before=1&before=2',
    'before=9&limit=0',
    'before=9&limit=101',
    'before=9&limit=1e1',
  ]) {
    test(`refuses ?${query} with 400 and a sentence`, async () => {
      const { url } = app;
      const response = await fetch(`${url}/rooms/lobby/messages?${query}`, {
        headers: { Accept: 'application/json' },
      });
      assert.equal(response.status, 400);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      assert.equal(error.code, 'invalid-number');
      assert.match(error.message, /^"(before|limit)" must be a whole number from 1 to /);
    });
  }
});

suite('A request that cannot be served', () => {
  test('is not logged if it is not HTTP', async (t) => {
    const server = spawnServer(t, ['--port', '0', '--data', ':memory:']);
    const port = await server.listening();
    for (const rest of [
      'Connection: close\r\n\r\nmore',
      '\r\n]',
      '\r\nGET / HTTP/1.1\r\nx\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${rest}`);
      await socket.toArray();
    }
    assert.equal(await server.end('SIGTERM'), 0);
    assert.deepEqual(server.linesAfterStart, []);
  });

  test('is answered in the format that it accepts', async () => {
    const { url } = app;
    const get = (Accept: string) => fetch(`${url}/nowhere`, { headers: { Accept } });
    const [text, json, html] = await Promise.all([
      get('*/*'),
      get('application/json'),
      get('text/html,*/*;q=0.8'),
    ]);
    for (const response of [text, json, html]) assert.equal(response.status, 404);
    assert.equal(await text.text(), 'Page not found.\n');
    assert.deepEqual(await json.json(), {
      error: { code: 'not-found', message: 'Page not found.' },
    });
    assert.match(await html.text(), /<h1>Page not found\.<\/h1>/);
  });

  test('is answered 405 if the method is not allowed', async () => {
    const { url } = app;
    for (const method of ['PUT', 'DELETE', 'PROPFIND']) {
      const response = await fetch(`${url}/rooms/lobby/messages`, { method });
      assert.ok([405, 501].includes(response.status), `${method} ${response.status}`);
      assert.equal(await response.text(), 'Method not allowed.\n');
    }
  });

  for (const [what, headers] of [
    ['another site', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a name that ends like ours', { Origin: 'http://127.0.0.1.evil.example' }],
    ['a request that the browser marks as cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a request that the browser marks as same-site', { 'Sec-Fetch-Site': 'same-site' }],
  ] as const) {
    test(`from ${what} is refused with 403 and changes nothing`, async () => {
      const { url } = app;
      const response = await fetch(`${url}/rooms/lobby/messages`, { method: 'POST', headers });
      assert.equal(response.status, 403);
      assert.equal(await response.text(), "Requests from this origin aren't allowed.\n");
    });
  }

  test('is never answered with 500, whatever the address', async () => {
    const { url } = app;
    for (const path of [
      '/%',
      '/%ff',
      '/rooms/%',
      '/rooms/%ff',
      '/rooms/',
      '/..%2f..%2fetc/passwd',
      '/assets/',
      '/?language=xx',
      '/?language=zh&language=en',
      '/rooms/__proto__',
      '/rooms/constructor/messages',
      '//',
      '/\\\\',
    ]) {
      const response = await fetch(url + path, { redirect: 'manual' });
      assert.ok(response.status < 500, `${path}: ${response.status}`);
    }
  });
});
