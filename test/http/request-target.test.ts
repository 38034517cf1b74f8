import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openApp } from '../support/server.ts';
import { RawClient } from '../support/wire.ts';

suite('The target of a request', () => {
  for (const [what, method, target, status] of [
    ['a path', 'GET', '/rooms/lobby', 200],
    ['a path like a host', 'GET', '//lobby', 400],
    ['an absolute URL', 'GET', 'http://chat.example:80/rooms/lobby?x=1', 200],
    ['an absolute URL without a path', 'GET', 'HTTPS://chat.example', 200],
    ['a URL without a valid host', 'GET', 'http://a:b:c/', 400],
    ['an incomplete URL', 'GET', 'http://[::1', 400],
    ['a URL of another scheme', 'GET', 'a://b?language=zh', 400],
    ['a path with a fragment', 'GET', '/rooms/lobby#x', 400],
    ['a path that looks like a host and has a fragment', 'GET', '//lobby?@=#', 400],
    ['the whole server', 'OPTIONS', '*', 400],
  ] as const) {
    test(`may be ${what}, and is answered with ${status}`, async (t) => {
      const { port } = await openApp(t, { hosts: new Set(['chat.example']) });
      const client = await RawClient.raw(
        t,
        port,
        `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      );
      const head = await client.head();
      assert.ok(head.startsWith(`HTTP/1.1 ${status} `), head);
      assert.match(head, /^x-content-type-options: nosniff\r$/im);
    });
  }
});
