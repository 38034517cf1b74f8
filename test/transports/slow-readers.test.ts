import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { suite, test } from 'node:test';
import { bodies, isMessage, join, parseFragment } from '../support/client.ts';
import { post } from '../support/listeners.ts';
import { closed } from '../support/raw-bytes.ts';
import { openApp } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';
import { outcome } from '../support/test-user.ts';
import { clientFrame, OPCODE, RawClient } from '../support/wire.ts';

const KIB = 1024;

suite('A client that stops reading', () => {
  test('costs little, delays no others, and misses nothing when it reads again', async (t) => {
    // It answers no ping, and reading takes long on a busy machine.
    const { port } = await openApp(t, {}, { pingIntervalMs: 200_000 });
    const sockets = serverSockets(t);
    const stalled = await RawClient.open(t, port, '/chat');
    await stalled.head();
    await stalled.text();
    const [server] = sockets;
    const sender = await join(t, port, '/chat');

    // More than the kernel's buffers hold, in messages of some 4 KiB.
    const all = 4_000;
    let max = 0;
    for (let n = 0; n < all; n += 1) {
      sender.post(`${n} ${'x'.repeat(3_900)}`);
      if (n % 50 === 0) await sender.until((frames) => frames.length > n - 100);
      max = Math.max(max, server?.writableLength ?? 0);
    }
    assert.equal(
      bodies(await sender.waitForFrames(all + 1)).length,
      all,
      'others receive everything',
    );
    assert.ok(server?.writableNeedDrain, 'its socket is full');
    assert.ok(max <= 64 * KIB, `${max} bytes waited for it`);

    for (let n = 0; n < all; n += 1) {
      assert.equal(Number.parseInt(parseFragment(await stalled.text()).body ?? '', 10), n);
    }
    sender.post('and on');
    assert.equal(parseFragment(await stalled.text()).body, 'and on');
  });

  test('costs as little when every message is large, over HTTP, too', async (t) => {
    const { port } = await openApp(t);
    const sockets = serverSockets(t);
    const head = 'GET /rooms/lobby/events HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const stalled = await RawClient.raw(t, port, head);
    await once(stalled.socket, 'readable');
    const [server] = sockets as [Socket];
    const sender = await join(t, port, '/chat');
    let max = 0;
    for (let posted = 0; !server.writableNeedDrain || posted % 1_000 > 0; posted += 100) {
      assert.ok(posted < 20_000, 'the kernel buffers everything');
      for (let n = 0; n < 100; n += 1) sender.post('"'.repeat(3_900));
      await sender.waitForFrames(posted + 101);
      max = Math.max(max, server.writableLength);
    }
    assert.ok(max <= 64 * KIB, `${max} bytes waited for it`);
  });

  test('is disconnected when it reads nothing for too long', async (t) => {
    const { port } = await openApp(t, {}, { writeTimeoutMs: 200, pingIntervalMs: 200_000 });
    const sockets = serverSockets(t);
    const stalled = await RawClient.open(t, port, '/chat');
    await stalled.head();
    const [server] = sockets as [Socket];
    // The senders are at rest between requests: nothing is queued for them when the machine pauses.
    for (let posted = 0; !server.writableNeedDrain && !server.destroyed; posted += 100) {
      assert.ok(posted < 20_000, 'the kernel buffers everything');
      const posts = Array.from({ length: 100 }, () =>
        outcome(post(port, 'lobby', 'x'.repeat(4_000))),
      );
      assert.deepEqual(new Set(await Promise.all(posts)), new Set(['201']));
    }
    await closed(server);
  });

  test('cannot go on sending: the server stops reading from it', async (t) => {
    const { port } = await openApp(t);
    const sockets = serverSockets(t);
    const client = await RawClient.open(t, port, '/chat');
    await client.head();
    const [server] = sockets as [Socket];
    const ping = clientFrame(OPCODE.ping, 'x'.repeat(125));
    const pings = Buffer.concat(Array.from({ length: 1_000 }, () => ping));
    while (!server.writableNeedDrain) {
      client.socket.write(pings);
      await new Promise(setImmediate);
    }
    assert.ok(server.isPaused());
    assert.ok(server.writableLength <= 256 * KIB, `${server.writableLength} bytes wait for it`);
  });
});

suite('A flood', () => {
  test('of messages is rate limited with an error each, and then disconnected with 1008', async (t) => {
    const { port } = await openApp(t, { rateLimits: true });
    const flooder = await join(t, port, '/rooms/lobby/live', { protocols: ['json'] });
    const other = await join(t, port, '/chat');
    for (let n = 0; n < 200; n += 1) flooder.post(`${n}`, `cid-${n}`);
    assert.equal(await flooder.closed, 1008);
    const errors = flooder.frames
      .map((frame) => JSON.parse(frame))
      .filter(({ type }) => type === 'error');
    assert.equal(errors[0].code, 'rate-limited');
    // A busy machine may take so long for the first twenty that it accepts a few more.
    assert.match(errors[0].cid, /^cid-2\d$/);
    assert.equal(errors.at(-1).code, 'rate-limit-disconnect');
    other.post('done');
    const received = bodies(await other.until((frames) => bodies(frames).includes('done')));
    assert.deepEqual(
      received.slice(0, 20),
      Array.from({ length: 20 }, (_, n) => `${n}`),
    );
    assert.ok(received.length < 30, 'messages over the limit are not posted');
  });

  test('of pings is rate limited with an error, and then disconnected with 1008', async (t) => {
    const { port } = await openApp(t, { rateLimits: true });
    const flooder = await join(t, port, '/chat');
    for (let n = 0; n < 200; n += 1) flooder.ws.ping();
    assert.equal(await flooder.closed, 1008);
    assert.match(flooder.frames[1] ?? '', /data-code="rate-limited"/);
  });

  test('of one user does not limit other users', async (t) => {
    const { port } = await openApp(t, { rateLimits: true });
    const flooder = await join(t, port, '/chat');
    const other = await join(t, port, '/chat');
    for (let n = 0; n < 60; n += 1) flooder.post(`${n}`);
    for (let n = 0; n < 20; n += 1) other.post(`other ${n}`);
    await other.until((frames) => bodies(frames).includes('other 19'));
  });
});

suite('Many clients', () => {
  test("are all served when a thousand reconnect at once, and receive each other's messages", async (t) => {
    const { port } = await openApp(t);
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => join(t, port, '/chat')));
    clients[0]?.post('hello, all');
    await Promise.all(clients.map((client) => client.until((frames) => frames.some(isMessage))));
    for (const client of clients) client.ws.terminate();
    const again = await Promise.all(Array.from({ length: 1_000 }, () => join(t, port, '/chat')));
    const received = await Promise.all(again.map((client) => client.waitForFrames(2)));
    for (const frames of received) assert.deepEqual(bodies(frames), ['hello, all']);
  });
});

suite('A slow request', () => {
  test('is closed if its headers do not arrive', async (t) => {
    const { port } = await openApp(t, {}, { headersTimeoutMs: 200 });
    const socket = connect(port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    const answer = Buffer.concat(await socket.toArray()).toString();
    assert.match(answer, /^HTTP\/1\.1 408 /);
  });
});
