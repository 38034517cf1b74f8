import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { suite, type TestContext, test } from 'node:test';
import type { ChatError } from '../../server/core/errors.ts';
import { slices } from '../../server/http/slices.ts';
import { OpenResponses } from '../../server/limits/open-responses.ts';
import { StalledSockets } from '../../server/transports/stalled-sockets.ts';
import { serverSockets } from '../support/sockets.ts';

/** More than the kernel's buffers hold for a client that does not read. */
const BODY = Buffer.alloc(16 * 1024 * 1024);
const STALL_MS = 1_000;

/** A server of one large page, which checks its sockets when the test says so, by a fake clock. */
async function openServer(t: TestContext, answer: (response: ServerResponse) => void = inSlices) {
  let nowMs = 0;
  const stalled = new StalledSockets(STALL_MS, () => nowMs);
  stalled.close();
  const server = createServer((_request, response) => {
    answer(response);
  });
  stalled.watch(server);
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    request(): Socket {
      const socket = connect(port, '127.0.0.1');
      t.after(() => socket.destroy());
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      return socket;
    },
    /** Advances the clock, and checks the sockets. */
    pass(ms: number): void {
      nowMs += ms;
      stalled.check();
    },
  };
}

function inSlices(response: ServerResponse): void {
  Readable.from(slices(BODY)).pipe(response);
}

async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise(setImmediate);
}

suite('A client that does not read its response', () => {
  test('is disconnected after too long', async (t) => {
    const sockets = serverSockets(t);
    const { request, pass } = await openServer(t);
    request().pause();
    await until(() => (sockets[0]?.writableLength ?? 0) > 0);
    const [server] = sockets as [Socket];
    pass(0);
    pass(STALL_MS - 1);
    assert.equal(server.destroyed, false);
    pass(1);
    assert.equal(server.destroyed, true);
  });

  test('is not disconnected as long as it reads something now and then', async (t) => {
    const sockets = serverSockets(t);
    const { request, pass } = await openServer(t);
    const client = request();
    let read = 0;
    client.on('data', (chunk) => {
      read += chunk.length;
      client.pause();
    });
    await until(() => read > 0 && client.isPaused());
    const [server] = sockets as [Socket];
    const sent = () => server.bytesWritten - server.writableLength;
    for (let n = 0; n < 5; n += 1) {
      const before = sent();
      while (sent() === before && server.writableLength > 0) {
        client.resume();
        await new Promise(setImmediate);
      }
      pass(STALL_MS - 1);
    }
    assert.equal(server.destroyed, false);
    await until(() => client.resume() && read >= BODY.length);
  });

  test('is not disconnected when nothing is waiting for it', async (t) => {
    const sockets = serverSockets(t);
    const { request, pass } = await openServer(t);
    const client = request();
    client.resume();
    await until(() => sockets[0]?.bytesWritten !== undefined && sockets[0].bytesWritten > 0);
    await until(() => sockets[0]?.writableLength === 0);
    pass(0);
    pass(10 * STALL_MS);
    assert.equal(sockets[0]?.destroyed, false);
  });
});

suite('The open responses of an address', () => {
  test('are counted until they end, for whatever reason', async (t) => {
    const responses = new OpenResponses(true);
    const { request } = await openServer(t, (response) => {
      responses.add('a', response);
      inSlices(response);
    });
    const [reader, quitter] = [request(), request()];
    quitter.pause();
    await until(() => responses.countOf('a') === 2);
    assert.equal(responses.countOf('b'), 0);
    quitter.destroy();
    reader.resume();
    await until(() => responses.countOf('a') === 0);
  });

  test('are refused beyond a limit of unread bytes, and not those of other addresses', async (t) => {
    const responses = new OpenResponses(true);
    const refused: unknown[] = [];
    const { request } = await openServer(t, (response) => {
      try {
        responses.add('a', response);
      } catch (error) {
        refused.push((error as ChatError).code);
        responses.add('b', response);
      }
      response.end(BODY);
    });
    // Each leaves most of 16 MiB unread.
    for (let n = 1; n <= 7; n += 1) {
      request().pause();
      await until(() => responses.countOf('a') + responses.countOf('b') === n);
    }
    assert.ok(refused.length > 0);
    assert.equal(new Set(refused).size, 1);
    assert.equal(refused[0], 'too-many-connections');
    assert.equal(responses.countOf('b'), refused.length);
  });
});
