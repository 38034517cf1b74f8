import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { freePorts } from '../../../scripts/free-ports.ts';
import { NatsServer } from '../../../scripts/nats.ts';
import { deriveKey } from '../../../server/auth/load-keyring.ts';
import { NatsFiles } from '../../../server/cluster/nats-files.ts';
import { openOneNats, SECRET, stored } from '../../support/cluster.ts';
import { createImage } from '../../support/images.ts';
import { post } from '../../support/listeners.ts';
import { openApp, spawnServer, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';

/** Runs `typhoon recover`, and returns how it ended and what it printed. */
async function recover(t: TestContext, data: string, urls: readonly string[], ...more: string[]) {
  const env = { CHAT_CLUSTER: urls.join(','), CHAT_SECRET: SECRET };
  const command = spawnServer(t, ['recover', '--data', data, ...more], env);
  return { code: await command.ended(), output: command.output };
}

suite('typhoon recover', { timeout: 240_000 }, () => {
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

  test('puts the uploads of the node back where NATS has lost them, and says what it lacks', async (t) => {
    const { urls, scope, servers } = await openOneNats(t);
    const data = temporaryFolder(scope);
    const node = await openApp(scope, { data, cluster: urls, secret: SECRET });
    const ada = await createGuest(node.port);
    const upload = async (name: string, content: string | Buffer<ArrayBuffer>) => {
      const response = await uploadFile(ada, name, content);
      const { file } = (await response.json()) as { readonly file: { readonly id: string } };
      return file.id;
    };
    const ids = [
      await upload('a.txt', 'the text'),
      await upload('sea.jpg', await createImage('jpeg', 1_600, 800)),
      await upload('lost.txt', 'lost'),
    ];
    const message = { message: '', files: ids };
    assert.equal(await outcome(ada.post('/rooms/a/messages', message)), '201');
    await node.close();
    const [text = '', image = '', lost = ''] = ids;
    rmSync(join(data, 'files', lost));
    await Promise.all(servers.map((server) => server.kill()));
    const empty = new NatsServer(temporaryFolder(scope), 'n2', await freePorts(2));
    empty.start();
    scope.after(() => empty.kill());
    const done = await recover(t, data, [empty.url], '--yes');
    assert.equal(done.code, 0, done.output);
    assert.match(done.output, /3 of its uploads were put back\./);
    assert.match(done.output, new RegExp(`It lacks 1 of them, such as ${lost}`));
    const shared = await NatsFiles.open([empty.url], deriveKey(SECRET, 'cluster'));
    scope.after(() => shared.close());
    const names = (await shared.list()).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [text, image, `${image}.preview`].toSorted());
    assert.ok(readdirSync(join(data, 'files')).includes(text));
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
