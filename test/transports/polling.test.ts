import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { queryObjects } from 'node:v8';
import { LongPoll } from '../../server/transports/long-polling.ts';
import { join } from '../support/client.ts';
import { post, transports } from '../support/listeners.ts';
import { openApp } from '../support/server.ts';
import { requestCount, serverSockets } from '../support/sockets.ts';
import { waitWhile } from '../support/wait-while.ts';

/** A connection that has sent a request and reads nothing. */
async function sendRequest(t: TestContext, port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await once(socket, 'connect');
  return socket;
}

suite('A polling response', () => {
  test('is 304 when there is nothing new', async (t) => {
    const { url } = await openApp(t);
    const messages = `${url}/rooms/lobby/messages`;
    const first = await fetch(messages);
    const etag = first.headers.get('etag') ?? '';
    const again = () => fetch(messages, { headers: { 'If-None-Match': etag } });
    assert.equal((await again()).status, 304);
    await post(Number(new URL(url).port), 'lobby', 'news');
    assert.equal((await again()).status, 200);
  });

  test('has another ETag in another format or for another client id', async (t) => {
    const { url } = await openApp(t);
    const messages = `${url}/rooms/lobby/messages`;
    const first = await fetch(messages, { headers: { Accept: 'application/json' } });
    const etag = first.headers.get('etag') ?? '';
    const { cursor } = (await first.json()) as { cursor: string };
    assert.match(first.headers.get('vary') ?? '', /Accept/);
    const headers = { 'If-None-Match': etag };
    assert.equal((await fetch(messages, { headers })).status, 200);
    assert.equal((await fetch(`${messages}?after=${cursor}`, { headers })).status, 200);
  });

  for (const wait of ['-1', '61', '1.5', 'x', '']) {
    test(`is 400 for a wait of "${wait}" seconds`, async (t) => {
      const { url } = await openApp(t);
      const response = await fetch(`${url}/rooms/lobby/messages?after=a.0&wait=${wait}`);
      assert.equal(response.status, 400);
      assert.equal(await response.text(), '"wait" must be a whole number from 0 to 60.\n');
    });
  }
});

suite('A long poll', () => {
  test('whose time is over is answered with nothing new, and the cursor', async (t) => {
    const { url } = await openApp(t);
    const messages = `${url}/rooms/lobby/messages`;
    const json = { headers: { Accept: 'application/json' } };
    const { cursor } = (await (await fetch(messages, json)).json()) as { cursor: string };
    const answer = await (await fetch(`${messages}?after=${cursor}&wait=1`, json)).json();
    assert.deepEqual(answer, { reset: false, messages: [], cursor });
  });

  test('is answered in the requested format', async (t) => {
    const { port } = await openApp(t);
    const head = await (await fetch(`http://127.0.0.1:${port}/rooms/lobby/messages`)).text();
    const [, cursor] = /data-cursor="([^"]+)"/.exec(head) ?? [];
    const requests = requestCount(t);
    const order: number[] = [];
    const polls: Promise<unknown>[] = [];
    for (let n = 0; n < 20; n += 1) {
      const socket = await sendRequest(t, port, `/rooms/lobby/messages?after=${cursor}&wait=25`);
      polls.push(once(socket, 'data').then(() => order.push(n)));
      // The next request is made when this one is waiting: the turn after it arrived.
      await waitWhile(() => requests.count <= n);
      await new Promise(setImmediate);
    }
    await post(port, 'lobby', 'news');
    await Promise.all(polls);
    assert.deepEqual(
      order,
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  test('of a client that disconnects is dropped', async (t) => {
    const { port } = await openApp(t);
    const head = await (await fetch(`http://127.0.0.1:${port}/rooms/lobby/messages`)).text();
    const [, cursor] = /data-cursor="([^"]+)"/.exec(head) ?? [];
    const sockets = serverSockets(t);
    const socket = await sendRequest(t, port, `/rooms/lobby/messages?after=${cursor}&wait=60`);
    await waitWhile(() => queryObjects(LongPoll, { format: 'count' }) === 0, 100);
    socket.resetAndDestroy();
    await waitWhile(() => sockets.some(({ destroyed }) => !destroyed));
    await waitWhile(() => queryObjects(LongPoll, { format: 'count' }) > 0, 100);
  });
});

suite('An event stream', () => {
  test('has heartbeats and the time to wait before reconnecting, and is not cached by proxies', async (t) => {
    const { url } = await openApp(t, {}, { pingIntervalMs: 50 });
    const response = await fetch(`${url}/rooms/lobby/events`);
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-accel-buffering'), 'no');
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if ((text.match(/id="synced"/g) ?? []).length >= 3) break;
    }
    assert.match(text, /^retry: \d{4}\n\n.*id: [0-9a-f]{12}\.0\ndata: <div id="synced"/s);
  });

  test('continues after the last received event, whatever the URL contains', async (t) => {
    const { port, url } = await openApp(t);
    for (const n of ['1', '2', '3']) await post(port, 'lobby', n);
    const head = await (await fetch(`${url}/rooms/lobby/messages`)).text();
    const [, epoch] = /data-cursor="([^".]+)/.exec(head) ?? [];
    const response = await fetch(`${url}/rooms/lobby/events?after=${epoch}.0`, {
      headers: { 'Last-Event-ID': `${epoch}.2`, Accept: 'application/json' },
    });
    const { value } = (await response.body?.getReader().read()) ?? {};
    const text = Buffer.from(value ?? []).toString();
    assert.ok(text.includes('"id":3') && !text.includes('"id":2'), text);
  });

  test('of a client that stops reading costs little, delays no others, and is complete when it reads again', async (t) => {
    const { port } = await openApp(t);
    const sockets = serverSockets(t);
    const stalled = await sendRequest(t, port, '/rooms/lobby/events');
    await waitWhile(() => sockets.length === 0);
    const [server] = sockets as [Socket];
    const other = await transports[0]?.listen(t, port, 'lobby');
    const sender = await join(t, port, '/chat');
    const all = 2_500;
    let max = 0;
    for (let n = 0; n < all; n += 1) {
      sender.post(`${n} ${'x'.repeat(3_900)}`);
      if (n % 20 === 0) await sender.until((frames) => frames.length > n - 40);
      max = Math.max(max, server.writableLength);
    }
    await other?.until(() => other.bodies.length === all);
    assert.ok(server.writableNeedDrain, 'its socket is full');
    assert.ok(max <= 64 * 1024, `${max} bytes waited for it`);

    let text = '';
    for await (const chunk of stalled) {
      text += chunk;
      // A chunk is shorter than that.
      if (text.slice(-100_000).includes(`>${all - 1} xxx`)) break;
    }
    const received = [...text.matchAll(/<div class="body">(\d+) x/g)].map(([, n]) => Number(n));
    assert.deepEqual(
      received,
      Array.from({ length: all }, (_, n) => n),
    );
  });

  test('requested with HEAD is a head without a stream', async (t) => {
    const { url } = await openApp(t);
    const response = await fetch(`${url}/rooms/lobby/events`, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '');
  });
});

suite('A WebSocket endpoint', () => {
  for (const path of ['/chat', '/rooms/lobby/live']) {
    test(`at ${path} explains itself without an upgrade`, async (t) => {
      const { url } = await openApp(t);
      const response = await fetch(url + path);
      assert.equal(response.status, 426);
      assert.match(await response.text(), /^This endpoint requires WebSocket/);
    });
  }
});
