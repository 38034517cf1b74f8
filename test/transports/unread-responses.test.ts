import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { suite, type TestContext, test } from 'node:test';
import { ChatError } from '../../server/core/errors.ts';
import type { OpenResponses } from '../../server/limits/open-responses.ts';
import type { TransportParts } from '../../server/transports/connection-registry.ts';
import { whenDrained } from '../../server/transports/drained.ts';
import { servePolling } from '../../server/transports/polling.ts';
import { sendBody } from '../../server/transports/send-body.ts';
import type { TransportRequest } from '../../server/transports/transport-request.ts';
import { serverSockets } from '../support/sockets.ts';
import { waitWhile } from '../support/wait-while.ts';
import { RawClient } from '../support/wire.ts';

/** More than the kernel's buffers hold for a client that does not read. */
const LARGE = Buffer.alloc(16 * 1024 * 1024, 'x');
const SMALL = Buffer.from('hello');

async function serve(t: TestContext, body: Buffer): Promise<number> {
  const server = createServer((_, response) => sendBody(response, {}, body));
  t.after(() => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

suite('A polling response', () => {
  test('that is large is sent in pieces: little of it is queued for a client that does not read', async (t) => {
    const sockets = serverSockets(t);
    const port = await serve(t, LARGE);
    const client = await RawClient.raw(t, port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    client.socket.pause();
    await waitWhile(() => !sockets[0]?.writableNeedDrain);
    const [server] = sockets as [Socket];
    assert.ok(server.writableLength <= 256 * 1024, `${server.writableLength} bytes wait`);
  });

  for (const body of [SMALL, LARGE]) {
    test(`of ${body.length} bytes arrives complete, and with HEAD only its length`, async (t) => {
      const url = `http://127.0.0.1:${await serve(t, body)}`;
      const whole = await fetch(url);
      assert.equal(whole.headers.get('content-length'), `${body.length}`);
      assert.ok(body.equals(Buffer.from(await whole.arrayBuffer())));
      const head = await fetch(url, { method: 'HEAD' });
      assert.equal(head.headers.get('content-length'), `${body.length}`);
      assert.equal((await head.arrayBuffer()).byteLength, 0);
    });
  }

  test('counts towards the open requests of its address, and is refused beyond the limit', async () => {
    const counted: string[] = [];
    const openResponses: Pick<OpenResponses, 'add'> = {
      add(address) {
        counted.push(address);
        throw new ChatError('too-many-connections');
      },
    };
    const cursor = { epoch: 'a', seq: 0 };
    const answer = { isGap: false, fragments: [], cursor: 'a.0' };
    const reactions = { position: 0, after: () => undefined };
    const room = { history: { cursor, changesSince: async () => answer }, reactions };
    const exchange = {
      request: { headers: {} },
      response: {},
      room,
      address: '10.0.0.1',
      query: {},
    };
    const parts = { openResponses, connections: { isClosed: false }, roomAccess: { recheck() {} } };
    await assert.rejects(
      servePolling(exchange as unknown as TransportRequest, parts as unknown as TransportParts),
      (error: ChatError) => error.code === 'too-many-connections',
    );
    assert.deepEqual(counted, ['10.0.0.1']);
  });
});

suite('An event stream that is full', () => {
  /** A stream that accepts no more. */
  function full(): PassThrough {
    const stream = new PassThrough({ highWaterMark: 1 });
    stream.write('more than fits');
    return stream;
  }

  test('is not disconnected for being slow: whether it stalls is judged by the bytes that leave its connection', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const stream = full();
    const isDrained = whenDrained(stream);
    t.mock.timers.tick(600_000);
    assert.equal(stream.destroyed, false);
    stream.resume();
    assert.equal(await isDrained, true);
  });

  test('is dropped with its connection', async () => {
    const stream = full();
    const isDrained = whenDrained(stream);
    stream.destroy();
    assert.equal(await isDrained, false);
    assert.equal(stream.listenerCount('drain') + stream.listenerCount('close'), 0);
  });
});
