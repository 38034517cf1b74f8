import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { startBodyTimeout, withIdleTimeout } from '../../server/http/request/body-timeout.ts';

const TIMEOUT_MS = 1_000;

/** An HTTP server with a fake clock, and one client that writes bytes to it. */
async function open(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    startBodyTimeout(request, response, TIMEOUT_MS);
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => {});
  const closed = new Promise((resolve) => client.once('close', resolve));
  let received = '';
  client.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  t.after(() => {
    client.destroy();
    server.close();
  });
  await once(client, 'connect');
  return {
    client,
    closed,
    /** The server's side of the connection. */
    socket: () => sockets[0] as Socket,
    received: () => received,
    pass: (ms: number) => t.mock.timers.tick(ms),
    /** Sends the head of a request with a body of this length, and the first part of the body. */
    async post(length: number, body: string) {
      const before = sockets[0]?.bytesRead ?? 0;
      const text = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;
      client.write(text);
      const isReceived = () => (sockets[0]?.bytesRead ?? 0) >= before + Math.min(text.length, 100);
      while (!isReceived()) await new Promise(setImmediate);
    },
  };
}

async function readAll(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}

suite('The body timeout', () => {
  test('answers 408 if the body is not complete in time, and closes the connection', async (t) => {
    const { closed, post, received, pass } = await open(t, (request) => request.resume());
    await post(10, 'half');
    pass(TIMEOUT_MS);
    await closed;
    assert.match(received(), /^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n\r\n$/);
  });

  test('adds nothing to a response that was sent before the body was complete', async (t) => {
    const { client, closed, post, received, pass } = await open(t, (_, response) =>
      response.end('refused'),
    );
    await post(10, 'half');
    while (!received().includes('refused')) await once(client, 'data');
    pass(TIMEOUT_MS);
    await closed;
    assert.doesNotMatch(received(), /408/);
  });

  test('ends with the body: the response may take longer', async (t) => {
    const read = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    const { client, post, received, pass } = await open(t, async (request, response) => {
      await readAll(request);
      read.resolve();
      await ready.promise;
      response.end('late');
    });
    await post(4, 'full');
    await read.promise;
    pass(10 * TIMEOUT_MS);
    ready.resolve();
    while (!received().includes('late')) await once(client, 'data');
  });

  test('ends with the connection, even if the response was sent before the body was complete', async (t) => {
    const { client, post, received, socket } = await open(t, (_, response) =>
      response.end('refused'),
    );
    const cleared = t.mock.method(globalThis, 'clearTimeout');
    await post(10, 'half');
    while (!received().includes('refused')) await once(client, 'data');
    const count = cleared.mock.callCount();
    const closed = new Promise((resolve) => socket().once('close', resolve));
    client.resetAndDestroy();
    await closed;
    assert.equal(cleared.mock.callCount(), count + 1);
  });

  test('leaves no listeners on a reused connection', async (t) => {
    const { client, post, received, socket } = await open(t, async (request, response) => {
      await withIdleTimeout(request, response, TIMEOUT_MS, () => readAll(request));
      response.end('done');
    });
    const listeners: number[] = [];
    for (const n of [1, 2, 3]) {
      await post(4, 'full');
      while (received().split('done').length <= n) await once(client, 'data');
      listeners.push(socket().listenerCount('close'));
    }
    assert.equal(new Set(listeners).size, 1, `${listeners}`);
  });
});

suite('The idle timeout of a body', () => {
  test('answers 408 if a body stops, and closes the connection', async (t) => {
    const { closed, post, received, pass } = await open(t, (request, response) =>
      withIdleTimeout(request, response, TIMEOUT_MS, () => readAll(request)).catch(() => {}),
    );
    await post(10, 'half');
    pass(2 * TIMEOUT_MS);
    await closed;
    assert.match(received(), /^HTTP\/1\.1 408 /);
  });

  test('allows a slow body, and ends with its last byte', async (t) => {
    const read = Promise.withResolvers<void>();
    const ready = Promise.withResolvers<void>();
    const { client, post, received, pass, socket } = await open(t, (request, response) =>
      withIdleTimeout(request, response, TIMEOUT_MS, async () => {
        await readAll(request);
        read.resolve();
        await ready.promise;
        response.end('late');
      }),
    );
    await post(10, '');
    for (let sent = 0; sent < 10; sent += 1) {
      pass(TIMEOUT_MS * 0.9);
      const before = socket().bytesRead;
      client.write('x');
      while (socket().bytesRead === before) await new Promise(setImmediate);
    }
    await read.promise;
    pass(10 * TIMEOUT_MS);
    ready.resolve();
    while (!received().includes('late')) await once(client, 'data');
  });

  test('does not run while the server has not read what was received', async (t) => {
    const ready = Promise.withResolvers<void>();
    const { client, post, received, pass, socket } = await open(t, (request, response) =>
      withIdleTimeout(request, response, TIMEOUT_MS, async () => {
        await ready.promise;
        await readAll(request);
        response.end('taken');
      }),
    );
    // More than is buffered: the rest arrives only after this has been read.
    const length = 8 * 1024 * 1024;
    await post(length, 'x'.repeat(length));
    while (!socket().isPaused()) await new Promise(setImmediate);
    pass(10 * TIMEOUT_MS);
    ready.resolve();
    while (!received().includes('taken')) await once(client, 'data');
  });

  test('limits the time for discarding a refused body', async (t) => {
    const { client, closed, post, received, pass } = await open(t, (request, response) =>
      withIdleTimeout(request, response, TIMEOUT_MS, async () => {
        response.statusCode = 413;
        response.end();
      }),
    );
    await post(10, 'half');
    while (!received().includes(' 413 ')) await once(client, 'data');
    pass(2 * TIMEOUT_MS);
    await closed;
    assert.doesNotMatch(received(), /408/);
  });
});
