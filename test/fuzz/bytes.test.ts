import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { bodies, join } from '../support/client.ts';
import { hostileBytes } from '../support/mutants.ts';
import { closed, joinShort, SHORT_TIMEOUTS, sendRaw } from '../support/raw-bytes.ts';
import { runs } from '../support/runs.ts';
import { openApp } from '../support/server.ts';
import { serverSockets } from '../support/sockets.ts';

/** Many at once: connections with half a request are closed only after a while. */
const CLIENTS = fc.array(fc.tuple(hostileBytes, fc.boolean()), {
  minLength: 100,
  maxLength: 100,
  size: 'max',
});

suite('Random bytes', () => {
  test('are answered, or the connection is closed, and other users go on chatting', async (t) => {
    const { port } = await openApp(t, {}, SHORT_TIMEOUTS);
    const bystander = await joinShort(() =>
      join(t, port, '/rooms/bystander/live', { protocols: ['html'] }),
    );
    const sockets = serverSockets(t);
    await fc.assert(
      fc.asyncProperty(CLIENTS, async (clients) => {
        await Promise.all(clients.map(([bytes, ends]) => sendRaw(port, bytes, ends)));
      }),
      { numRuns: runs(5), endOnFailure: true },
    );
    await Promise.all(sockets.map(closed));
    bystander.post('all is well');
    const received = bodies(await bystander.until((frames) => bodies(frames).length > 0));
    assert.deepEqual(received, ['all is well']);
  });
});
