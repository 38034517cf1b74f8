import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { freePorts, NatsServer } from '../../scripts/nats.ts';
import { openOneNats, SECRET, stored } from '../support/cluster.ts';
import { post } from '../support/listeners.ts';
import { openApp, spawnServer, temporaryFolder } from '../support/server.ts';

/** Runs `typhoon recover`, and returns how it ended and what it printed. */
async function recover(t: TestContext, data: string, urls: readonly string[], ...more: string[]) {
  const env = { CHAT_CLUSTER: urls.join(','), CHAT_SECRET: SECRET };
  const command = spawnServer(t, ['recover', '--data', data, ...more], env);
  return { code: await command.ended(), output: command.output };
}

suite('typhoon recover', { timeout: 120_000 }, () => {
  test('begins the log again from a node where NATS has lost it, and the others fetch it', async (t) => {
    const { urls, scope, servers } = await openOneNats(t);
    const data = temporaryFolder(scope);
    const node = await openApp(scope, { data, cluster: urls, secret: SECRET });
    await post(node.port, 'class', 'before');
    await node.close();
    await Promise.all(servers.map((server) => server.kill()));
    const empty = new NatsServer(temporaryFolder(scope), 'n2', await freePorts(2));
    empty.start();
    scope.after(() => empty.kill());
    const asked = await recover(t, data, [empty.url]);
    assert.equal(asked.code, 0, asked.output);
    assert.match(asked.output, /at place \d+; the servers have no log\. Nothing was changed/);
    const done = await recover(t, data, [empty.url], '--yes');
    assert.equal(done.code, 0, done.output);
    const cluster = { cluster: [empty.url], secret: SECRET };
    const again = await openApp(scope, { ...cluster, data });
    await post(again.port, 'class', 'after');
    const other = temporaryFolder(scope);
    const fetched = await openApp(scope, { ...cluster, data: other });
    await Promise.all([again.close(), fetched.close()]);
    assert.deepEqual(stored(data).bodies, ['before', 'after']);
    assert.deepEqual(stored(other), stored(data));
  });

  test('is refused while nodes run, and where the log is as the node has it', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const cluster = { cluster: urls, secret: SECRET };
    const data = temporaryFolder(scope);
    const node = await openApp(scope, { ...cluster, data });
    const other = await openApp(scope, { ...cluster, data: temporaryFolder(scope) });
    await post(node.port, 'class', 'first');
    const locked = await recover(t, data, urls, '--yes');
    assert.match(locked.output, /is in use/);
    await node.close();
    const running = await recover(t, data, urls, '--yes');
    assert.match(running.output, /are running \(1\)/);
    await other.close();
    const healthy = await recover(t, data, urls, '--yes');
    assert.match(healthy.output, /agree: start the node/);
    assert.deepEqual([locked.code, running.code, healthy.code], [1, 1, 1]);
  });
});
