import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type HostileRequest, hostileRequest, requestBytes } from '../support/hostile.ts';
import { post } from '../support/listeners.ts';
import { type RawResponse, sendRequestBytes } from '../support/raw-response.ts';
import { runs } from '../support/runs.ts';
import { openApp, spawnServer } from '../support/server.ts';
import { signedIn } from '../support/test-browser.ts';

/** Errors of Node's parser, before the server sees the request; these responses have no body. */
const PARSER_STATUS = /^(400|431)$/;

/** A server whose only output is two lines on how to reach it, unless there is an error. */
const SERVER_ARGS = ['--port', '0', '--data', ':memory:', '--limits', 'off'] as const;

function check(request: HostileRequest, { status, headers, body }: RawResponse): void {
  if (PARSER_STATUS.test(`${status}`) && headers.size === 1) return;
  assert.ok(status < 500 || (status === 503 && headers.has('retry-after')), `${status}: ${body}`);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  const location = headers.get('location');
  if (location !== undefined) assert.match(location, /^\/(?![/\\])/, 'it redirects to this server');
  if (status < 400 || request.headers.Accept !== 'application/json') return;
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  if (request.method === 'HEAD') return;
  const { error } = JSON.parse(body);
  assert.ok(error.code.length > 0 && error.message.length > 10, body);
}

suite('A hostile request', () => {
  test('is answered, never with a 500, and is not logged', async (t) => {
    const server = spawnServer(t, SERVER_ARGS);
    const port = await server.listening();
    await fc.assert(
      fc.asyncProperty(hostileRequest, async (request) => {
        check(request, await sendRequestBytes(port, requestBytes(request)));
      }),
      { numRuns: runs(1_000) },
    );
    const response = await post(port, 'lobby', 'all is well');
    assert.equal(response.status, 201);
    assert.match(await response.text(), /all is well/);
    await server.end('SIGTERM');
    assert.deepEqual(server.linesAfterStart, []);
  });

  test('of a signed-in owner of a room is answered, never with a 500', async (t) => {
    const server = spawnServer(t, [...SERVER_ARGS, '--moderator-key', 'the key of all']);
    const port = await server.listening();
    const url = `http://127.0.0.1:${port}`;
    const browsers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => signedIn(url, `User ${n}`)),
    );
    await browsers[0]?.post('/rooms', { name: 'a', topic: 'of the first' });
    await Promise.all(
      browsers
        .slice(0, 20)
        .map((browser) => browser.post('/session/moderator', { key: 'the key of all' })),
    );
    await fc.assert(
      fc.asyncProperty(hostileRequest, fc.constantFrom(...browsers), async (request, browser) => {
        const sent = { ...request, headers: { ...request.headers, ...browser.headers() } };
        check(sent, await sendRequestBytes(port, requestBytes(sent)));
      }),
      { numRuns: runs(1_000) },
    );
    await server.end('SIGTERM');
    assert.deepEqual(server.linesAfterStart, []);
  });

  test('for JSON is refused in JSON', async (t) => {
    const { port } = await openApp(t);
    await fc.assert(
      fc.asyncProperty(hostileRequest, async (request) => {
        const headers = { ...request.headers, Accept: 'application/json' };
        const sent = { ...request, headers };
        check(sent, await sendRequestBytes(port, requestBytes(sent)));
      }),
      { numRuns: runs(500) },
    );
  });
});
