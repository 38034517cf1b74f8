import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { spawnServer } from '../support/server.ts';
import { upgradeRequest } from '../support/wire.ts';

/** The maximum backlog of the system; older ones have less than a class needs. */
const MAX_BACKLOG = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
const CLASS = Math.min(1_000, MAX_BACKLOG);

test('A whole class that reconnects at once is queued, even while the server is blocked.', async (t) => {
  const server = spawnServer(t, ['--port', '0', '--host', '127.0.0.1', '--data', ':memory:']);
  const port = await server.listening();
  server.child.kill('SIGSTOP');
  const sockets = Array.from({ length: CLASS }, () => connect(port, '127.0.0.1'));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const answers = sockets.map(async (socket) => {
    const answered = once(socket, 'data');
    socket.write(upgradeRequest(port, '/chat').request);
    const [head] = (await answered) as [Buffer];
    return head.toString('latin1').split('\r\n')[0];
  });
  server.child.kill('SIGCONT');
  for (const line of await Promise.all(answers)) assert.match(line ?? '', /^HTTP\/1.1 101/);
});
