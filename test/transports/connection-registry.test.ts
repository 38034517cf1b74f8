import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ConnectionRegistry } from '../../server/transports/connection-registry.ts';

const INTERVAL_MS = 16_000;

suite('Heartbeats', () => {
  test('of many connections are spread over half of the interval, and each has one', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const sessions = { hasEnded: () => false, touch: async () => {} };
    const guests = { hasSignedIn: () => false };
    const registry = new ConnectionRegistry({ beatMs: INTERVAL_MS, sessions, guests });
    const counts = Array.from({ length: 1_000 }, () => 0);
    const connections = counts.map((_, index) => ({
      user: undefined,
      transport: 'websocket' as const,
      disconnect: () => {},
      heartbeat: () => {
        counts[index] = (counts[index] ?? 0) + 1;
      },
      close: async () => {},
    }));
    for (const connection of connections) registry.add(connection);
    const total = () => counts.reduce((sum, count) => sum + count, 0);
    let most = 0;
    t.mock.timers.tick(INTERVAL_MS / 2);
    assert.equal(total(), 0, 'the first is not at once');
    for (let ms = 0; ms < INTERVAL_MS / 2; ms += 250) {
      const before = total();
      t.mock.timers.tick(250);
      most = Math.max(most, total() - before);
    }
    assert.deepEqual(new Set(counts), new Set([1]));
    assert.equal(most, Math.ceil(1_000 / 32));

    for (const connection of connections.slice(1)) registry.delete(connection);
    t.mock.timers.tick(INTERVAL_MS);
    assert.deepEqual(counts.slice(0, 2), [2, 1]);
    await registry.close(0);
    t.mock.timers.tick(INTERVAL_MS);
    assert.equal(total(), 1_001);
  });
});
