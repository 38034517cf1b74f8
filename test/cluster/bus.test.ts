import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectNats } from '../../server/cluster/connect.ts';
import { openBus } from '../../server/cluster/open-cluster.ts';
import { testBus } from '../core/bus-contract.ts';
import { openOneNats } from '../support/cluster.ts';
import { MemoryNet } from '../support/memory-bus.ts';

const KEY = Buffer.alloc(32, 1);

testBus('in one process', async (_, count) => {
  const net = new MemoryNet();
  const buses = Array.from({ length: count }, () => net.join());
  return { buses, whenReady: () => Promise.resolve() };
});

testBus('of core NATS', async (t, count) => {
  const { urls, scope } = await openOneNats(t);
  const buses = await Promise.all(Array.from({ length: count }, () => openBus(urls, KEY)));
  for (const bus of buses) scope.after(() => bus.close());
  return { buses, whenReady: () => Promise.all(buses.map((bus) => bus.flush())) };
});

test('The bus drops what was not sealed with its key, or for another topic.', async (t) => {
  const { urls, scope } = await openOneNats(t);
  const [one, two, outsider] = await Promise.all([
    openBus(urls, KEY),
    openBus(urls, KEY),
    openBus(urls, Buffer.alloc(32, 2)),
  ]);
  const operator = await connectNats(urls);
  for (const end of [one, two, outsider, operator]) scope.after(() => end.close());
  const heard: unknown[] = [];
  const last = Promise.withResolvers<void>();
  const forwarded = Promise.withResolvers<void>();
  operator.subscribe('typhoon.bus.a', {
    callback: (_, { data }) => {
      operator.publish('typhoon.bus.b', data);
      forwarded.resolve();
    },
  });
  two.hear('b', (body) => {
    heard.push(body);
    if (body === 'last') last.resolve();
  });
  await Promise.all([operator.flush(), two.flush()]);
  operator.publish('typhoon.bus.b', 'not sealed');
  operator.publish('typhoon.bus.b', Buffer.alloc(1_000));
  outsider.tell('b', 'of another cluster');
  one.tell('a', 'of another topic');
  one.tell('b', 'x'.repeat(600 * 1024));
  await Promise.all([forwarded.promise, outsider.flush()]);
  await operator.flush();
  one.tell('b', 'last');
  await last.promise;
  assert.deepEqual(heard, ['last']);
});
