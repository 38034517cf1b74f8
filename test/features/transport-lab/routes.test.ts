import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { join } from '../../support/client.ts';
import { post } from '../../support/listeners.ts';
import { openApp } from '../../support/server.ts';

interface Cost {
  readonly requests: number;
  readonly received: number;
  readonly sent: number;
}

async function open(url: string): Promise<string> {
  const response = await fetch(`${url}/transports/runs`, { method: 'POST' });
  assert.equal(response.status, 201);
  return (await response.json()).run;
}

async function read(url: string, run: string): Promise<Record<string, Cost>> {
  return (await fetch(`${url}/transports/runs/${run}`)).json();
}

suite('The meters of the transports', () => {
  test('count requests and bytes of each transport, and of no others', async (t) => {
    const { url, port } = await openApp(t);
    const run = await open(url);
    const nothing = { requests: 0, received: 0, sent: 0 };
    assert.deepEqual(await read(url, run), {
      polling: nothing,
      'long-polling': nothing,
      sse: nothing,
      websocket: nothing,
    });
    const room = `${url}/rooms/counted`;
    for (const transport of ['polling', 'polling', 'long-polling', 'elsewhere']) {
      await (await fetch(`${room}/messages?meter=${run}.${transport}`)).text();
    }
    await (await fetch(`${room}/messages?meter=other.polling`)).text();
    const stop = new AbortController();
    t.after(() => stop.abort());
    const stream = await fetch(`${room}/events?meter=${run}.sse`, { signal: stop.signal });
    const client = await join(t, port, `/rooms/counted/live?meter=${run}.websocket`);
    await client.waitForFrames(2);
    const before = await read(url, run);
    await post(port, 'counted', 'x'.repeat(1_000));
    await client.waitForFrames(3);
    const after = await read(url, run);
    const requests = Object.values(after).map((cost) => cost.requests);
    assert.deepEqual(requests, [2, 1, 1, 1]);
    assert.ok(Object.values(after).every(({ received }) => received > 100));
    for (const transport of ['sse', 'websocket']) {
      const grown = (after[transport]?.sent ?? 0) - (before[transport]?.sent ?? 0);
      assert.ok(grown > 1_000 && grown < 2_000, `${transport}: ${grown}`);
    }
    assert.deepEqual(after.polling, before.polling);
    client.ws.terminate();
    await client.closed;
    assert.deepEqual((await read(url, run)).websocket?.requests, 1, 'what has ended stays counted');
    await stream.body?.cancel();
  });

  test('store a hundred runs, and not more', async (t) => {
    const { url } = await openApp(t);
    const first = await open(url);
    for (let n = 0; n < 100; n += 1) await open(url);
    const response = await fetch(`${url}/transports/runs/${first}`, {
      headers: { Accept: 'application/json' },
    });
    assert.equal(response.status, 404);
    assert.equal((await response.json()).error.code, 'run-not-found');
  });
});
