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
    const ask = await opened(t);
    const known = Map.groupBy(ENDPOINTS, ({ path }) => path);
    for (const [path, forms] of known) {
      const names = new Set(forms.flatMap(({ query = [] }) => query));
      const isSelecting =
        path === '/chat' || Object.keys(SELECTORS).some((name) => names.has(name));
      for (const [name, value] of isSelecting ? Object.entries(SELECTORS) : []) {
        if (names.has(name)) continue;
        const asked = `${path.replace(':room', 'lobby')}?${name}=${value}`;
        assert.deepEqual(
          await ask(asked),
          {
            status: 400,
            code: 'unsupported-parameter',
            message: `"${name}" isn't supported here.`,
          },
          asked,
        );
      }
    }
  });

  test('Those that exclude each other are refused.', async (t) => {
    const ask = await opened(t);
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
      const refusal = { status: 400, code: 'exclusive-parameters', message };
      assert.deepEqual(await ask(`/rooms/lobby${path}`), refusal, path);
    }
  });

  test('Those that are numbers are whole numbers in their range, each given once.', async (t) => {
    const ask = await opened(t);
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
        const { status, code, message } = await ask(`/rooms/lobby${path}${query}`);
        assert.deepEqual([status, code], [400, 'invalid-number'], `${path}${query.slice(0, 40)}`);
        assert.ok(message.startsWith(`"${name}" must be a whole number from ${min} to `), message);
      }
    }
  });

  test('Those that are cursors are one cursor.', async (t) => {
    const ask = await opened(t);
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
        const asked = `/rooms/lobby${path}${path.includes('?') ? '' : '?'}after=${value}`;
        const { status, code } = await ask(asked);
        assert.deepEqual([status, code], [400, 'invalid-cursor'], asked);
      }
    }
  });

  test('Unknown ones are ignored: links acquire some on their way.', async (t) => {
    const ask = await opened(t);
    for (const path of ['', '/messages?limit=5', '/messages', '/plain', '/unread?after=0']) {
      const asked = `/rooms/lobby${path}${path.includes('?') ? '&' : '?'}utm_source=mail&limits=1`;
      assert.equal((await ask(asked)).status, 200, asked);
    }
  });

  test('Those of a search must contain something to search for.', async (t) => {
    const ask = await opened(t);
    for (const query of ['', '?q=', '?q=%20', '?before=9', '?q=%2B%2B&before=9']) {
      const { status, code } = await ask(`/rooms/lobby/search${query}`);
      assert.deepEqual([status, code], [400, 'empty-search'], query);
    }
  });
});
