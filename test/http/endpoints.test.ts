import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import Router from 'koa-router';
import { MAX_WAITING } from '../../server/http/request/pipeline.ts';
import { freezeClock } from '../support/clock.ts';
import { ENDPOINTS, requestsFor } from '../support/endpoints.ts';
import { openApp } from '../support/server.ts';
import { RawClient } from '../support/wire.ts';

/** More than any address may post at once. */
const MANY = 401;

suite('Every route of the server', () => {
  test('is one of the endpoints that hostile requests are tried on', async (t) => {
    const routers: Router[] = [];
    const { routes } = Router.prototype;
    t.mock.method(Router.prototype, 'routes', function (this: Router) {
      routers.push(this);
      return routes.call(this);
    });
    await openApp(t);
    const known = new Set(ENDPOINTS.map(({ method, path }) => `${method} ${path}`));
    const all = routers.flatMap(({ stack }) =>
      stack.flatMap(({ methods, path }) => methods.map((method) => `${method} ${path}`)),
    );
    const tried = all.filter((route) => !route.startsWith('HEAD '));
    assert.ok(tried.length > 30);
    assert.deepEqual(
      tried.filter((route) => !known.has(route)),
      [],
    );
  });

  test('that accepts a POST rate limits an address before it reads the body', async (t) => {
    freezeClock(t);
    const { port } = await openApp(t, { rateLimits: true, trustProxy: 1 });
    const posts = new Set(
      requestsFor('lobby').flatMap(({ method, path }) => (method === 'POST' ? [path] : [])),
    );
    for (const [n, path] of [...posts].entries()) {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.${n}\r\n`;
      await sendTimes(port, `${head}Content-Length: 0\r\n`, MANY);
      const client = await RawClient.raw(t, port, `${head}Content-Length: 10\r\n\r\n`);
      assert.match(await client.head(), /^HTTP\/1\.1 429 .*\r\nretry-after: \d/is, path);
      client.socket.destroy();
    }
  });

  test('that is a page shares one rate limit with all others, and other addresses have their own', async (t) => {
    freezeClock(t);
    const { port } = await openApp(t, { rateLimits: true, trustProxy: 1 });
    const head = (address: string) =>
      `GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${address}\r\n`;
    await sendTimes(port, head('10.0.0.1').replace('GET /sign-in', 'HEAD /no'), 3_000);
    for (const [address, status] of [
      ['10.0.0.1', 429],
      ['10.0.0.2', 200],
    ] as const) {
      const client = await RawClient.raw(t, port, `${head(address)}\r\n`);
      assert.ok((await client.head()).startsWith(`HTTP/1.1 ${status} `), address);
      client.socket.destroy();
    }
  });
});

/**
 * Sends the same request this often, as concurrently as allowed, and waits for the last response.
 */
async function sendTimes(port: number, head: string, times: number): Promise<void> {
  for (let left = times; left > 0; left -= MAX_WAITING) {
    const socket = connect(port, '127.0.0.1').resume();
    socket.write(`${head}\r\n`.repeat(Math.min(left, MAX_WAITING) - 1));
    socket.write(`${head}Connection: close\r\n\r\n`);
    await once(socket, 'close');
  }
}
