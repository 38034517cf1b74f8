import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { ENDPOINTS } from '../support/endpoints.ts';
import { openApp } from '../support/server.ts';

/** The parameters that select messages, each with a valid value of another endpoint. */
const SELECTORS = { after: '1', wait: '1', at: '1', before: '9', since: '1', limit: '5' };
/** Not whole numbers, as parameters. */
const BAD_NUMBERS = [
  '',
  'x',
  '-1',
  '1.5',
  '1e1',
  '+1',
  ' 1',
  '0x1',
  '9'.repeat(16),
  '9'.repeat(400),
];

/** Sends a request as a program does. Returns the error's status, code and sentence. */
async function opened(t: TestContext) {
  const { url } = await openApp(t);
  return async (path: string) => {
    const response = await fetch(url + path, { headers: { Accept: 'application/json' } });
    const text = await response.text();
    const { error } = response.ok ? { error: {} } : JSON.parse(text);
    return { status: response.status, code: error.code, message: error.message };
  };
}

suite('The parameters of an endpoint', () => {
  test('Those that select messages are refused where the endpoint has no use for them.', async (t) => {
    const get = await opened(t);
    const known = Map.groupBy(ENDPOINTS, ({ path }) => path);
    for (const [path, forms] of known) {
      const names = new Set(forms.flatMap(({ query = [] }) => query));
      const isSelecting =
        path === '/chat' || Object.keys(SELECTORS).some((name) => names.has(name));
      for (const [name, value] of isSelecting ? Object.entries(SELECTORS) : []) {
        if (names.has(name)) continue;
        const url = `${path.replace(':room', 'lobby')}?${name}=${value}`;
        assert.deepEqual(
          await get(url),
          {
            status: 400,
            code: 'unsupported-parameter',
            message: `"${name}" isn't supported here.`,
          },
          url,
        );
      }
    }
  });

  test('Those that exclude each other are refused.', async (t) => {
    const get = await opened(t);
    for (const [path, first, second] of [
      ['/messages?since=1&before=9', 'before', 'since'],
      ['/messages?limit=5&since=1&before=9', 'before', 'since'],
      ['/messages?after=a.1&before=9', 'after', 'before'],
      ['/messages?after=a.1&since=9', 'after', 'since'],
      ['/messages?after=a.1&limit=5', 'after', 'limit'],
      ['/messages?wait=1&limit=5', 'wait', 'limit'],
      ['/plain?before=3&since=9', 'before', 'since'],
      ['/plain?since=3&at=9', 'at', 'since'],
    ] as const) {
      const message = `"${first}" and "${second}" can't be used together.`;
      const expected = { status: 400, code: 'exclusive-parameters', message };
      assert.deepEqual(await get(`/rooms/lobby${path}`), expected, path);
    }
  });

  test('Those that are numbers are whole numbers in their range, each given once.', async (t) => {
    const get = await opened(t);
    for (const [path, name, min, max] of [
      ['/messages', 'before', 1, undefined],
      ['/messages', 'since', 0, undefined],
      ['/messages', 'limit', 1, 100],
      ['/messages', 'wait', 0, 60],
      ['/plain', 'before', 1, undefined],
      ['/plain', 'since', 0, undefined],
      ['/plain', 'at', 1, undefined],
      ['', 'at', 1, undefined],
      ['/search', 'before', 1, undefined],
      ['/unread', 'after', 0, undefined],
    ] as const) {
      const bad = [...BAD_NUMBERS, `${min}&${name}=${min}`, ...(min === 0 ? [] : ['0'])];
      for (const value of [...bad, ...(max === undefined ? [] : [`${max + 1}`])]) {
        const query = `?${name}=${value.replace('+', '%2B').replace(' ', '%20')}`;
        const { status, code, message } = await get(`/rooms/lobby${path}${query}`);
        assert.deepEqual([status, code], [400, 'invalid-number'], `${path}${query.slice(0, 40)}`);
        assert.ok(message.startsWith(`"${name}" must be a whole number from ${min} to `), message);
      }
    }
  });

  test('Those that are cursors are one cursor.', async (t) => {
    const get = await opened(t);
    for (const path of ['/messages', '/events', '/messages?wait=1&']) {
      for (const value of [
        '',
        'x',
        '1',
        'a.',
        '.1',
        'a.-1',
        'a.1&after=a.1',
        `a.${'1'.repeat(99)}`,
      ]) {
        const url = `/rooms/lobby${path}${path.includes('?') ? '' : '?'}after=${value}`;
        const { status, code } = await get(url);
        assert.deepEqual([status, code], [400, 'invalid-cursor'], url);
      }
    }
  });

  test('Unknown ones are ignored: links acquire some on their way.', async (t) => {
    const get = await opened(t);
    for (const path of ['', '/messages?limit=5', '/messages', '/plain', '/unread?after=0']) {
      const url = `/rooms/lobby${path}${path.includes('?') ? '&' : '?'}utm_source=mail&limits=1`;
      assert.equal((await get(url)).status, 200, url);
    }
  });

  test('Those of a search must contain something to search for.', async (t) => {
    const get = await opened(t);
    for (const query of ['', '?q=', '?q=%20', '?before=9', '?q=%2B%2B&before=9']) {
      const { status, code } = await get(`/rooms/lobby/search${query}`);
      assert.deepEqual([status, code], [400, 'empty-search'], query);
    }
  });
});
