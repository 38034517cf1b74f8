import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { queryObjects } from 'node:v8';
import { Waiter } from '../../server/core/waiter.ts';
import { ChatHandler } from '../../server/transports/chat-handler.ts';
import { bodies, type Client, isMessage, join } from '../support/client.ts';
import { closed } from '../support/raw-bytes.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';
import { waitWhile } from '../support/wait-while.ts';
import { OPCODE, RawClient, upgradeRequest } from '../support/wire.ts';

suite('A connection', () => {
  test('is pinged, and stays open while the client answers', async (t) => {
    const { port } = await openApp(t, {}, { pingIntervalMs: 1_000 });
    const client = await join(t, port, '/chat');
    for (let pings = 0; pings < 3; pings += 1) await once(client.ws, 'ping');
    client.post('still here');
    assert.deepEqual(bodies(await client.waitForFrames(2)), ['still here']);
  });

  test('that does not answer is closed by the second ping', async (t) => {
    const { port } = await openApp(t, {}, { pingIntervalMs: 50 });
    const silent = await RawClient.open(t, port, '/chat');
    await silent.head();
    await silent.text();
    assert.equal((await silent.frame()).opcode, OPCODE.ping);
    await assert.rejects(silent.frame(), /closed the connection/);
  });

  test('of a page receives heartbeats with its cursor', async (t) => {
    const { port } = await openApp(t, {}, { pingIntervalMs: 1_000 });
    const page = await join(t, port, '/rooms/lobby/live', { protocols: ['html'] });
    const heartbeats = await page.until((frames) => frames.filter(isHeartbeat).length >= 3);
    assert.match(heartbeats.findLast(isHeartbeat) ?? '', /data-cursor="[0-9a-f]{12}\.0"/);
    const old = await join(t, port, '/chat');
    await once(old.ws, 'ping');
    await once(old.ws, 'ping');
    assert.equal(old.frames.length, 1, "Tornado's contract knows no such thing");
  });

  test('that is reset in the handshake affects no others', async (t) => {
    const { port } = await openApp(t);
    const sockets = serverSockets(t);
    for (let n = 0; n < 200; n += 1) {
      const client = await RawClient.open(t, port, n % 2 ? '/chat' : '/nowhere');
      client.socket.resetAndDestroy();
    }
    await Promise.all(sockets.map(closed));
    const client = await join(t, port, '/chat');
    client.post('all is well');
    assert.deepEqual(bodies(await client.waitForFrames(2)), ['all is well']);
  });

  test('that closes while its room is opened leaves no waiter behind', async (t) => {
    const { port } = await openApp(t);
    const sockets = serverSockets(t);
    for (let n = 0; n < 400; n += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      const path = `/rooms/room-${n}/events`;
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`, () =>
        socket.resetAndDestroy(),
      );
      await closed(socket);
    }
    await Promise.all(sockets.map(closed));
    // The rooms are opened one after the other: this one is the last.
    await join(t, port, '/chat?room=last');
    await waitWhile(() => queryObjects(Waiter, { format: 'count' }) !== 1, 100);
  });

  test('leaves nothing behind: no socket, timer or waiter, after hundreds of them', async (t) => {
    const { port } = await openApp(t);
    await connectAndClose(port, 'end');
    const before = process.getActiveResourcesInfo();
    /** What is there now and was not before. */
    const added = () => {
      const rest = [...before];
      return process.getActiveResourcesInfo().filter((one) => {
        const index = rest.indexOf(one);
        if (index >= 0) rest.splice(index, 1);
        return index < 0;
      });
    };
    const sockets = serverSockets(t);
    for (let round = 0; round < 12; round += 1) {
      const methods = ['end', 'destroy', 'resetAndDestroy'] as const;
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => connectAndClose(port, methods[n % 3] ?? 'end')),
      );
    }
    assert.equal(sockets.length, 600);
    await Promise.all(sockets.map(closed));
    sockets.length = 0;
    await waitWhile(() => added().length > 0);
    await waitWhile(() => queryObjects(ChatHandler, { format: 'count' }) > 0, 100);
    await waitWhile(() => queryObjects(Waiter, { format: 'count' }) > 0, 100);
  });
});

suite('A server that is shut down', () => {
  test('commits and sends what it accepted, closes with 1012, and ends by itself', async (t) => {
    const data = temporaryFolder(t);
    const server = spawnServer(t, ['--port', '0', '--data', data, '--limits', 'off']);
    const port = await server.listening();
    const clients = await Promise.all(Array.from({ length: 500 }, () => join(t, port, '/chat')));
    const [sender] = clients as [Client];
    for (let n = 0; n < 50; n += 1) sender.post(`${n}`);
    await sender.until((frames) => frames.some(isMessage));
    assert.equal(await server.end('SIGTERM'), 0);
    const codes = await Promise.all(clients.map((client) => client.closed));
    assert.deepEqual(new Set(codes), new Set([1012]));

    // What the sender has received, all have received, and it is on the disk.
    const received = bodies(sender.frames);
    for (const client of clients) assert.deepEqual(bodies(client.frames), received);
    const again = spawnServer(t, ['--port', '0', '--data', data]);
    const history = `http://127.0.0.1:${await again.listening()}/rooms/lobby/messages?limit=100`;
    const answer = await fetch(history, { headers: { Accept: 'application/json' } });
    const stored = ((await answer.json()) as { messages: { body: string }[] }).messages;
    assert.deepEqual(
      stored.map(({ body }) => body),
      received.slice(-100),
    );
  });

  test('does not wait for a client that does not answer', async (t) => {
    const { port, close } = await openApp(t);
    const silent = await RawClient.open(t, port, '/chat');
    await silent.head();
    await close();
    assert.equal(await silent.closeCode(), 1012);
  });

  test('accepts nothing more: what arrives on an open connection is rejected', async (t) => {
    const { port, close } = await openApp(t, {}, { shutdownTimeoutMs: 300 });
    const silent = await RawClient.open(t, port, '/chat');
    await silent.head();
    await silent.text();
    const ended = close();
    assert.equal(await silent.closeCode(), 1012);
    silent.post('too late');
    await ended;
    await assert.rejects(silent.frame(), /closed the connection/);
    await assert.rejects(join(t, port, '/chat'), /ECONNREFUSED/);
  });
});

/** Connects, is welcomed, and ends the connection by this method of its socket. */
async function connectAndClose(
  port: number,
  go: 'end' | 'destroy' | 'resetAndDestroy',
): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.write(upgradeRequest(port, '/chat').request);
  await once(socket, 'data');
  socket[go]();
  await closed(socket);
}

function isHeartbeat(frame: string): boolean {
  return frame.startsWith('<div id="synced"');
}
