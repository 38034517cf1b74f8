import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { MAX_WAITING, oneByOne } from '../../server/http/request/pipeline.ts';
import { RawClient } from '../support/wire.ts';

async function listen(t: TestContext, handle: RequestListener): Promise<number> {
  const server = createServer(oneByOne(handle)).listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function get(path: string | number, end = ''): string {
  return `GET /${path} HTTP/1.1\r\nHost: x\r\n${end}\r\n`;
}

const LAST = 'Connection: close\r\n';

/** Everything that arrives until the connection ends. */
async function read({ socket }: RawClient): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

suite('Pipelined requests on one connection', () => {
  test('are answered in order, each after the response before it was sent', async (t) => {
    let running = 0;
    let max = 0;
    const port = await listen(t, async ({ url }, response) => {
      running += 1;
      max = Math.max(max, running);
      await turn();
      running -= 1;
      response.end(`[${url}]`);
    });
    const paths = Array.from({ length: MAX_WAITING }, (_, n) => n);
    const client = await RawClient.raw(t, port, paths.map((n) => get(n)).join('') + get('', LAST));
    const answers = (await read(client)).match(/\[.*?\]/g) ?? [];
    assert.deepEqual(answers, [...paths.map((n) => `[/${n}]`), '[/]']);
    assert.equal(max, 1);
  });

  test('are started one per turn of the event loop, however quickly they are answered', async (t) => {
    let inThisTurn = 0;
    let max = 0;
    const port = await listen(t, (_, response) => {
      inThisTurn += 1;
      max = Math.max(max, inThisTurn);
      setImmediate(() => {
        inThisTurn = 0;
      });
      response.end('a');
    });
    const client = await RawClient.raw(t, port, get('').repeat(50) + get('', LAST));
    assert.equal((await read(client)).match(/\r\n\r\n/g)?.length, 51);
    assert.equal(max, 1);
  });

  test('wait while the first response is not read', async (t) => {
    const started: ServerResponse[] = [];
    const port = await listen(t, (_, response) => {
      started.push(response);
      response.write('a');
    });
    const client = await RawClient.raw(t, port, get('').repeat(20));
    await client.head();
    await turn();
    assert.equal(started.length, 1);
  });

  test('close the connection when too many of them wait', async (t) => {
    let started = 0;
    const port = await listen(t, () => {
      started += 1;
    });
    const client = await RawClient.raw(t, port, get('').repeat(MAX_WAITING + 2));
    await client.closed;
    assert.equal(started, 1);
  });

  test('are dropped when the client leaves', async (t) => {
    const started: ServerResponse[] = [];
    const port = await listen(t, (_, response) => {
      started.push(response);
      response.write('a');
    });
    const client = await RawClient.raw(t, port, get('').repeat(20));
    await client.head();
    client.socket.destroy();
    await once(started[0] as ServerResponse, 'close');
    await turn();
    await turn();
    assert.equal(started.length, 1);
  });
});
