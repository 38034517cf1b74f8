import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { suite, test } from 'node:test';
import { freePort } from '../../../scripts/free-ports.ts';
import { openNats, SECRET, stored } from '../../support/cluster.ts';
import { spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest } from '../../support/test-user.ts';
import { untilSaved } from '../support/acknowledged.ts';
import { ProcessNode } from '../support/process-node.ts';

suite('NATS servers whose folders are put back to an older copy', { timeout: 240_000 }, () => {
  test('are refused by all nodes, until typhoon recover begins the log again', async (t) => {
    const { servers, urls, scope } = await openNats(t);
    const env = { CHAT_CLUSTER: urls.join(','), CHAT_SECRET: SECRET };
    const open = async (data: string) => {
      const port = await freePort();
      const node = new ProcessNode({ port, data, urls });
      scope.after(() => node.kill());
      node.start();
      await node.whenListening();
      return node;
    };
    const folders = [temporaryFolder(scope), temporaryFolder(scope)];
    const [one, two] = await Promise.all(folders.map(open));
    assert.ok(one && two);
    const guest = await createGuest(one.port);
    const post = async (port: number, message: string) => {
      const cid = message.replaceAll(' ', '-');
      const attempt = () => guest.at(port).postMessage('class', message, cid);
      await untilSaved(attempt);
    };
    await post(one.port, 'in the copy');
    await Promise.all(servers.map((server) => server.kill()));
    for (const { data } of servers) cpSync(data, `${data}-copy`, { recursive: true });
    for (const server of servers) server.start();
    await Promise.all([one.whenUp(), two.whenUp()]);
    await post(one.port, 'later than the copy');
    await two.whenUp();
    await Promise.all(servers.map((server) => server.kill()));
    for (const { data } of servers) {
      rmSync(data, { recursive: true });
      cpSync(`${data}-copy`, data, { recursive: true });
    }
    for (const server of servers) server.start();
    for (const node of [one, two]) {
      await node.whenEnded();
      assert.ok(node.process.codes.includes('cluster-fault'), 'one that runs stops');
      node.start();
      await node.whenEnded();
      assert.match(node.process.output, /The log went back: it ends at place \d+/);
    }
    const [first = '', other = ''] = folders;
    const recover = spawnServer(t, ['recover', '--data', first, '--yes'], env);
    assert.equal(await recover.ended(), 0, recover.output);
    rmSync(other, { recursive: true });
    const again = await open(first);
    await post(again.port, 'after');
    const fetched = await open(other);
    await fetched.whenUp();
    for (const node of [again, fetched]) assert.equal(await node.process.end('SIGTERM'), 0);
    assert.deepEqual(stored(first).bodies, ['in the copy', 'later than the copy', 'after']);
    assert.deepEqual(stored(other), stored(first));
  });
});
