import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { openApp } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';
import { RawClient } from '../support/wire.ts';

test('A file that nobody reads on is given up, and its descriptor with it', async (t) => {
  const { port, url } = await openApp(t, {}, { stallMs: 400 });
  const body = Buffer.alloc(10 * 1024 * 1024, 'x');
  const path = '/rooms/class/files?name=large.txt';
  const upload = await fetch(url + path, { method: 'POST', body });
  const { file } = (await upload.json()) as { file: { path: string } };
  const sockets = serverSockets(t);
  const client = await RawClient.raw(
    t,
    port,
    `GET ${file.path} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  );
  client.socket.pause();
  await client.head();
  const [server] = sockets;
  assert.ok(server);
  await once(server, 'close');
  assert.ok(server.bytesWritten < body.length);
});
