import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openApp } from '../support/server.ts';

function getRequest(path: string, address = '10.0.0.1'): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${address}\r\n\r\n`;
}

async function connected(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test('Concurrent requests of one address do not delay those of others.', async (t) => {
  const { port } = await openApp(t, { trustProxy: 1 });
  const sockets = await Promise.all(
    Array.from({ length: 301 }, async () => {
      const socket = await connected(t, port);
      // The server has received it when it has answered once.
      socket.write(getRequest('/no', '10.0.0.3'));
      await once(socket, 'data');
      return socket;
    }),
  );
  const other = sockets.pop();
  assert.ok(other);
  let answered = 0;
  for (const socket of sockets) {
    socket.once('data', () => {
      answered += 1;
    });
    socket.write(getRequest('/no'));
  }
  other.write(getRequest('/no', '10.0.0.2'));
  await once(other, 'data');
  assert.ok(answered < 150, `${answered} of 300 were answered before it`);
});
