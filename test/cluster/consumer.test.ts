import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { headers } from '@nats-io/transport-node';
import { LogStream } from '../../server/cluster/log-stream.ts';
import { openOneNats, SECRET, stored } from '../support/cluster.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { createGuest } from '../support/test-user.ts';

const HEARTBEAT_MS = 100;
const HEARTBEAT = headers(100, 'Idle Heartbeat');

/** Makes the next consumer as one whose server stores nothing: its disk is full. */
function spoilConsumer(t: TestContext) {
  const consume = function (this: LogStream, subject: string) {
    const timer = setInterval(() => {
      if (this.connection.isClosed()) clearInterval(timer);
      else this.connection.publish(subject, '', { headers: HEARTBEAT });
    }, HEARTBEAT_MS);
    return Promise.resolve();
  };
  return t.mock.method(LogStream.prototype, 'consume', consume, { times: 1 }).mock;
}

suite('A consumer that sends heartbeats, and not what the leader has', { timeout: 60_000 }, () => {
  test('is replaced', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const spoiled = spoilConsumer(t);
    const node = await openApp(scope, { cluster: urls, secret: SECRET });
    assert.equal(spoiled.callCount(), 1);
    const guest = await createGuest(node.port);
    assert.equal((await guest.postMessage('class', 'hello', 'hello')).status, 201);
  });

  test('makes no node ready that lacks something', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const [data, other] = [temporaryFolder(scope), temporaryFolder(scope)];
    const cluster = { cluster: urls, secret: SECRET };
    const one = await openApp(scope, { ...cluster, data });
    const two = await openApp(scope, { ...cluster, data: other });
    await two.close();
    const guest = await createGuest(one.port);
    assert.equal((await guest.postMessage('class', 'hello', 'hello')).status, 201);
    const spoiled = spoilConsumer(t);
    await openApp(scope, { ...cluster, data: other });
    assert.equal(spoiled.callCount(), 1);
    assert.deepEqual(stored(other), stored(data));
  });
});
