import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { spawnServer } from '../support/server.ts';

suite('SIGTERM after an upload that was refused before its body was there', () => {
  for (const [what, isOpen] of [
    ['and whose connection is open still', true],
    ['and whose client is gone', false],
  ] as const) {
    test(`${what} ends the server in order`, async (t) => {
      const server = spawnServer(t, ['--port', '0', '--data', ':memory:', '--max-file', '1']);
      const socket = connect(await server.listening(), '127.0.0.1');
      t.after(() => socket.destroy());
      socket.on('error', () => {});
      socket.write(
        'POST /rooms/a/files?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\nhalf',
      );
      const [answer] = await once(socket, 'data');
      assert.match(`${answer}`, /^HTTP\/1\.1 413 /);
      if (!isOpen) socket.destroy();
      assert.equal(await server.end('SIGTERM'), 0);
    });
  }
});
