import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connectNats } from '../../server/cluster/connect.ts';

/** A server that greets clients as NATS does, and reads no more than that. */
async function openServer(t: TestContext): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.write(
      'INFO {"server_id":"x","version":"2.9.10","headers":true,"max_payload":1048576}\r\n',
    );
    socket.on('data', (data) => {
      if (!data.includes('PING')) return;
      socket.write('PONG\r\n');
      socket.pause();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('A connection to NATS whose socket has ended can be closed, whatever it still has to write.', async (t) => {
  const url = await openServer(t);
  for (let turns = 0; turns < 12; turns += 1) {
    const connection = await connectNats([url]);
    const { socket } = (connection as unknown as { protocol: { transport: { socket: Socket } } })
      .protocol.transport;
    connection.publish('x', Buffer.alloc(900_000));
    socket.end();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    await connection.close();
    // An error of the socket would fail the test, as one that nobody handles.
    while (!socket.closed) await new Promise(setImmediate);
  }
});
