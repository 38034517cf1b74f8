import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { headers } from '@nats-io/transport-node';
import { LogStream } from '../../server/cluster/log-stream.ts';
import { openOneNats, SECRET } from '../support/cluster.ts';
import { openApp } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';

const HEARTBEAT_MS = 100;
const HEARTBEAT = headers(100, 'Idle Heartbeat');

suite('A consumer of the log', { timeout: 60_000 }, () => {
  test('is replaced where it sends heartbeats, and not what the leader has', async (t) => {
    const { urls, scope } = await openOneNats(t);
    // As one whose server stores nothing: its disk is full.
    const first = t.mock.method(
      LogStream.prototype,
      'consume',
      async function (this: LogStream, subject: string) {
        const timer = setInterval(() => {
          if (this.connection.isClosed()) clearInterval(timer);
          else this.connection.publish(subject, '', { headers: HEARTBEAT });
        }, HEARTBEAT_MS);
      },
      { times: 1 },
    );
    const node = await openApp(scope, { cluster: urls, secret: SECRET });
    assert.equal(first.mock.callCount(), 1);
    const guest = await createGuest(node.port);
    assert.equal((await guest.postMessage('class', 'hello', 'hello')).status, 201);
  });
});
