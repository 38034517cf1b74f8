import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';
import { sanitizeFileName } from '../../server/features/attachments/file-name.ts';
import { cpuMs, MAX_MS } from '../support/cpu.ts';
import { ENDPOINTS, requestsFor } from '../support/endpoints.ts';
import { requestBytes } from '../support/hostile.ts';
import { sendRequestBytes } from '../support/raw-response.ts';
import { openApp } from '../support/server.ts';
import { TestBrowser } from '../support/test-browser.ts';

/**
 * How much of a request's head Node accepts, minus the other headers; and how much of a body we
 * accept.
 */
const HEAD_BYTES = 15_500;
const BODY_BYTES = 65_000;

function filled(unit: string, bytes: number): string {
  return unit.repeat(bytes / unit.length);
}

function distinct(bytes: number): string {
  return Array.from({ length: bytes / 5 }, (_, n) => `${n.toString(36)}&`)
    .join('')
    .slice(0, bytes);
}

/** What fills a header. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  Accept: ['a/b;q=0.1,', '*/*,', ';', '"'],
  'Accept-Encoding': ['a,', 'br;q=0.1,'],
  'Accept-Language': ['a,', 'en;q=0.1,', '-'],
  Authorization: ['a', ' '],
  'Content-Type': [';', 'a=b;'],
  Cookie: [';', 'session=.;', 'visitor=', 'language=e;'],
  'If-Modified-Since': ['1 '],
  'If-None-Match': ['"a",', 'W/'],
  'Last-Event-ID': ['a.0'],
  Origin: ['http://', '%41'],
  Range: ['0-1,'],
  'Sec-WebSocket-Protocol': ['token.,'],
  'X-Forwarded-For': ['1.1.1.1,', '::1,', ' ,'],
  'X-Forwarded-Host': ['a,', '@'],
};

const FORM = 'application/x-www-form-urlencoded';

suite('No request exceeds its CPU time on the event loop', () => {
  for (const [what, query] of [
    ['one name repeated', filled('a&', HEAD_BYTES)],
    ['the empty name repeated', filled('=&', HEAD_BYTES)],
    ['thousands of names', distinct(HEAD_BYTES)],
    ['the parameter of the language repeated', filled('language=en&', HEAD_BYTES)],
  ] as const) {
    test(`if a query has ${what}: it is refused at every endpoint, with or without a password`, async (t) => {
      for (const serverPassword of [undefined, 'secret']) {
        const { port } = await openApp(t, { serverPassword });
        for (const { method, path } of requestsFor('lobby')) {
          const target = `${path.split('?')[0]}?${query}`;
          const bytes = requestBytes({ method, target, headers: {}, body: undefined });
          const ms = await cpuMs(async () => {
            const { status, body } = await sendRequestBytes(port, bytes);
            assert.equal(status, 400);
            assert.match(body, /^Requests are limited to 100 parameters or fields\.$/m);
          });
          assert.ok(ms < MAX_MS, `${method} ${path} takes ${ms} ms`);
        }
      }
    });
  }

  for (const [what, form] of [
    ['one name repeated', filled('a&', BODY_BYTES)],
    ['thousands of names', distinct(BODY_BYTES)],
  ] as const) {
    test(`if a form has ${what}: it is refused at every endpoint that reads one`, async (t) => {
      const { port } = await openApp(t);
      const body = { type: FORM, bytes: Buffer.from(form) };
      const posts = requestsFor('lobby').filter(
        ({ method, fields }) => method === 'POST' && fields,
      );
      for (const { method, path } of posts) {
        const bytes = requestBytes({ method, target: path, headers: {}, body });
        const ms = await cpuMs(async () => {
          const { status } = await sendRequestBytes(port, bytes);
          assert.ok(status < 500, `${status}`);
        });
        assert.ok(ms < MAX_MS, `${path} takes ${ms} ms`);
      }
    });
  }

  test('if a header has the maximum length, whatever it contains', async (t) => {
    const { port } = await openApp(t, { trustProxy: 1 });
    const paths = ['/', '/rooms/lobby/messages', '/icon.svg', '/chat'];
    for (const [name, units] of Object.entries(HEADERS)) {
      for (const [unit, target] of units.flatMap((unit) => paths.map((path) => [unit, path]))) {
        const headers = { [name]: `x${filled(unit ?? '', HEAD_BYTES)}x` };
        const bytes = requestBytes({
          method: 'GET',
          target: target ?? '',
          headers,
          body: undefined,
        });
        const ms = await cpuMs(() => sendRequestBytes(port, bytes));
        assert.ok(ms < MAX_MS, `${name} of ${unit} takes ${ms} ms at ${target}`);
      }
    }
  });

  for (const path of ['/rooms/lobby/messages', '/rooms/lobby/commands']) {
    test(`if a form with files has thousands of parts: it is refused at ${path}`, async (t) => {
      const { port } = await openApp(t);
      const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
      const bytes = Buffer.from(filled(part, BODY_BYTES));
      const body = { type: 'multipart/form-data; boundary=x', bytes };
      const request = requestBytes({ method: 'POST', target: path, headers: {}, body });
      const ms = await cpuMs(async () => {
        const response = await sendRequestBytes(port, request);
        assert.equal(response.status, 400);
        assert.match(response.body, /^Requests are limited to 40 parameters or fields\.$/m);
      });
      assert.ok(ms < MAX_MS, `${ms} ms`);
    });
  }
});

test("because no page uses Koa's query parser, which takes quadratic time", async (t) => {
  const { port } = await openApp(t);
  const koas: object = createRequire(import.meta.url)('koa/lib/request.js');
  const getter = t.mock.getter(koas as { query: unknown }, 'query');
  for (const { method, path } of requestsFor('lobby')) {
    const headers = { Accept: 'text/html' };
    const { status } = await sendRequestBytes(
      port,
      requestBytes({ method, target: path, headers, body: undefined }),
    );
    assert.ok(status < 500, `${method} ${path}`);
  }
  assert.equal(getter.mock.callCount(), 0);
});

/** Alternating combining marks: normalizing them takes time quadratic in their number. */
const MARKS = `a${filled('\u0301\u0316', 20_000)}`;
/** The same in a head, percent-encoded. */
const ENCODED_MARKS = `a${filled('%CC%81%CC%96', HEAD_BYTES - 500)}`;

type Sent = readonly [what: string, path: string, fields: Readonly<Record<string, unknown>>];

const acts: readonly Sent[] = [
  ['a topic', { type: 'set-topic', text: MARKS }],
  ['a room password', { type: 'set-password', password: MARKS }],
  ['a question', { type: 'create-poll', question: MARKS, options: ['a', 'b'] }],
  ['an option', { type: 'create-poll', question: 'a', options: [MARKS, 'b'] }],
  ['lines of options', { type: 'create-poll', question: 'a', options: `${MARKS}\n${MARKS}` }],
  ['a suggestion', { type: 'suggest-option', id: 1, suggestion: MARKS }],
  ['an emoji', { type: 'react', id: 1, emoji: MARKS }],
  ['a uid', { type: 'mute', uid: MARKS }],
  ['a changed message', { type: 'edit', id: 1, message: MARKS }],
  ['a number', { type: 'delete', id: MARKS }],
].map(([what, fields]) => [what, '/rooms/lobby/commands', fields] as Sent);

const TEXTS: readonly Sent[] = [
  ...acts,
  ['a message', '/rooms/lobby/messages', { message: MARKS }],
  ['a question in a message', '/rooms/lobby/messages', { message: `/poll "${MARKS}" a | b` }],
  ['the id of a message', '/rooms/lobby/messages', { message: 'a', cid: MARKS }],
  ['the password of a room', '/rooms/locked/password', { password: MARKS }],
  ['the password of the server', '/password', { password: MARKS }],
  ['a name', '/session', { name: MARKS }],
  ["a user's password", '/session', { name: 'a', password: MARKS }],
  ["a user's new password", '/session/password', { password: MARKS }],
  ['the key of moderators', '/session/moderator', { key: MARKS }],
  ['the name of a room', '/rooms', { name: MARKS }],
  ['the topic of a new room', '/rooms', { name: 'a', topic: MARKS }],
  ['the password of a new room', '/rooms', { name: 'a', password: MARKS }],
];

suite('Combining marks are measured before they are normalized', () => {
  test('in every text that is posted', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: 'secret' });
    const browser = new TestBrowser(url, { Accept: 'application/json' });
    await browser.post('/password', { password: 'secret' });
    await browser.post('/session', { name: 'Ann' });
    await browser.post('/rooms', { name: 'locked', password: 'open' });
    for (const [what, path, fields] of TEXTS) {
      const body = { type: 'application/json', bytes: Buffer.from(JSON.stringify(fields)) };
      const headers = browser.headers();
      const bytes = requestBytes({ method: 'POST', target: path, headers, body });
      const ms = await cpuMs(async () => {
        const { status } = await sendRequestBytes(port, bytes);
        assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
      });
      assert.ok(ms < MAX_MS, `${what} takes ${ms} ms`);
    }
  });

  test('in every part of a URL', async (t) => {
    const { port } = await openApp(t);
    for (const { method, path, query = [] } of ENDPOINTS) {
      const inPath = path.replace(/:\w+/g, (name) => (name === ':room' ? 'lobby' : ENCODED_MARKS));
      const inQuery = query.map((name) => `${requestPath(path)}?${name}=${ENCODED_MARKS}`);
      const inRoom = path.replace(':room', ENCODED_MARKS).replace(/:\w+/g, 'x');
      for (const target of new Set([inPath, inRoom, ...inQuery])) {
        const bytes = requestBytes({ method, target, headers: {}, body: undefined });
        const ms = await cpuMs(async () => {
          const { status } = await sendRequestBytes(port, bytes);
          assert.ok(status < 500, `${target.slice(0, 60)}: ${status}`);
        });
        assert.ok(ms < MAX_MS, `${method} ${target.slice(0, 60)} takes ${ms} ms`);
      }
    }
  });

  test('in the passwords of the room and of the server that a program sends', async (t) => {
    const { url, port } = await openApp(t, { serverPassword: 'secret' });
    const browser = new TestBrowser(url);
    await browser.post('/password', { password: 'secret' });
    await browser.post('/session', { name: 'Ann' });
    await browser.post('/rooms', { name: 'locked', password: 'open' });
    for (const words of [`:${MARKS.slice(0, 4_000)}`, `${MARKS.slice(0, 4_000)}:secret`]) {
      const headers = { Authorization: `Basic ${Buffer.from(words).toString('base64')}` };
      const bytes = requestBytes({
        method: 'GET',
        target: '/rooms/locked',
        headers,
        body: undefined,
      });
      const ms = await cpuMs(async () => {
        assert.match(`${(await sendRequestBytes(port, bytes)).status}`, /^(401|403)$/);
      });
      assert.ok(ms < MAX_MS, `${ms} ms`);
    }
  });

  test('in file names', async () => {
    for (const text of [MARKS, `${MARKS}.txt`, `${filled('a/', 60_000)}${MARKS}`]) {
      const name = sanitizeFileName(text);
      assert.ok([...name].length <= 120);
      assert.equal(name.endsWith('.txt'), text.endsWith('.txt'));
      const ms = await cpuMs(() => sanitizeFileName(text));
      assert.ok(ms < MAX_MS, `${ms} ms`);
    }
  });
});

function requestPath(path: string): string {
  return path.replace(':room', 'lobby').replace(/:\w+/g, 'x');
}
