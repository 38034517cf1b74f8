import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { deriveKey } from '../../../server/auth/load-keyring.ts';
import { copiedCheckpoints, copyReplica } from '../../../server/backup/replica-copy.ts';
import { connectNats } from '../../../server/cluster/connect.ts';
import { Envelope } from '../../../server/cluster/envelope.ts';
import { fetchHistory } from '../../../server/cluster/fetch-history.ts';
import { fetchSnapshot } from '../../../server/cluster/fetch-snapshot.ts';
import type { SnapshotDescription } from '../../../server/cluster/snapshot-messages.ts';
import { SnapshotSender } from '../../../server/cluster/snapshot-sender.ts';
import { StartupError } from '../../../server/core/errors.ts';
import { openOneNats, SECRET, stored } from '../../support/cluster.ts';
import { post } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';

suite('A node that lacks the history', { timeout: 240_000 }, () => {
  test('fetches it from another node while messages are posted, and has all of them', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const [first, second] = [temporaryFolder(scope), temporaryFolder(scope)];
    const alone = await openApp(scope, { data: first });
    await post(alone.port, 'class', 'before the cluster');
    await alone.close();
    const cluster = { cluster: urls, secret: SECRET };
    const one = await openApp(scope, { ...cluster, data: first });
    let isStopped = false;
    const sending = (async () => {
      for (let count = 0; !isStopped; count += 1) await post(one.port, 'class', `${count}`);
    })();
    t.after(() => {
      isStopped = true;
    });
    const two = await openApp(scope, { ...cluster, data: second });
    await post(two.port, 'class', 'from the new node');
    isStopped = true;
    await sending;
    await post(two.port, 'class', 'the last one');
    await Promise.all([one.close(), two.close()]);
    const [had, fetched] = [stored(first), stored(second)];
    assert.deepEqual(fetched, had);
    assert.equal(fetched.bodies.at(0), 'before the cluster');
    assert.ok(fetched.bodies.includes('from the new node'));
  });

  test('because it was away for longer than the log goes back, fetches it, too', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const [first, second] = [temporaryFolder(scope), temporaryFolder(scope)];
    const cluster = { cluster: urls, secret: SECRET };
    const one = await openApp(scope, { ...cluster, data: first });
    const away = await openApp(scope, { ...cluster, data: second });
    await post(away.port, 'class', 'before');
    await away.close();
    for (const body of ['missed', 'missed, too', 'kept']) await post(one.port, 'class', body);
    await keepLast(t, urls);
    const again = await openApp(scope, { ...cluster, data: second });
    await post(again.port, 'class', 'after');
    await Promise.all([one.close(), again.close()]);
    assert.deepEqual(stored(second), stored(first));
    assert.deepEqual(stored(second).bodies, ['before', 'missed', 'missed, too', 'kept', 'after']);
  });
});

test('A snapshot of a node that has decided otherwise than the others is not taken.', {
  timeout: 240_000,
}, async (t) => {
  const { urls, scope } = await openOneNats(t);
  const [data, folder] = [temporaryFolder(scope), temporaryFolder(scope)];
  const alone = await openApp(scope, { data });
  await post(alone.port, 'class', 'before the cluster');
  await alone.close();
  const right = await openApp(scope, { data, cluster: urls, secret: SECRET });
  for (let count = 0; count < 100; count += 1) await post(right.port, 'class', `${count}`);
  const [database, file] = [join(folder, 'wrong'), join(folder, 'fetched')];
  await copyReplica(join(data, 'chat.sqlite'), database);
  const db = new DatabaseSync(database);
  db.exec("UPDATE checkpoints SET digest = 'another'; UPDATE replica SET digest = 'another'");
  db.close();
  let asked = 0;
  const key = deriveKey(SECRET, 'cluster');
  const connection = await connectNats(urls);
  const wrong = new SnapshotSender({
    connection,
    envelope: new Envelope(key),
    database,
    file: join(folder, 'sent'),
    copy: (to) => {
      asked += 1;
      return copyReplica(database, to);
    },
    isLevel: () => true,
    onSent: () => {},
  });
  scope.after(async () => {
    await wrong.close();
    await connection.close();
  });
  const digests = copiedCheckpoints(join(data, 'chat.sqlite'));
  // One of the two is asked, whichever NATS chooses.
  while (asked === 0) {
    const fetched = await fetchHistory({
      ...{ servers: urls, key, own: undefined, file },
      checkpoints: copiedCheckpoints,
      onProgress: () => {},
    }).catch((error) => error);
    if (fetched instanceof StartupError) {
      assert.match(fetched.message, /it differs from the nodes of /);
    } else {
      assert.deepEqual([fetched.compared, copiedCheckpoints(file)], [100, digests]);
    }
  }
});

/** Has the log forget all but its last entry, as it does when the others are too old. */
async function keepLast(t: TestContext, urls: readonly string[]): Promise<void> {
  const connection = await connectNats(urls);
  t.after(() => connection.close());
  const { streams } = await jetstreamManager(connection);
  const { config } = await streams.info('TYPHOON_LOG');
  await streams.update('TYPHOON_LOG', { ...config, max_msgs: 1 });
  await streams.update('TYPHOON_LOG', config);
}

/** Nothing to be compared with. */
const check = async () => {};

suite('A snapshot', { timeout: 240_000 }, () => {
  async function openSender(t: TestContext) {
    const { urls, scope } = await openOneNats(t);
    const folder = temporaryFolder(scope);
    const database = join(folder, 'database');
    writeFileSync(database, randomBytes(700_000));
    const envelope = new Envelope(randomBytes(32));
    const sent: SnapshotDescription[] = [];
    const connection = await connectNats(urls);
    const sender = new SnapshotSender({
      connection,
      envelope,
      database,
      file: join(folder, 'sent'),
      copy: async (file) => {
        await copyFile(database, file);
        return 7;
      },
      isLevel: () => true,
      onSent: (snapshot) => void sent.push(snapshot),
    });
    scope.after(async () => {
      await sender.close();
      await connection.close();
    });
    return { connection, envelope, folder, database, sent };
  }

  test('is sent to one node after the other', async (t) => {
    const { connection, envelope, folder, database, sent } = await openSender(t);
    const files = ['a', 'b'].map((name) => join(folder, name));
    const fetched = files.map((file) =>
      fetchSnapshot({ connection, envelope, file, check, onProgress: () => {} }),
    );
    const snapshots = await Promise.all(fetched);
    for (const file of files) assert.deepEqual(readFileSync(file), readFileSync(database));
    assert.deepEqual(sent, snapshots);
    assert.deepEqual(
      snapshots.map(({ place, bytes }) => [place, bytes]),
      [
        [7, 700_000],
        [7, 700_000],
      ],
    );
  });

  test('that changed on its way is refused, and nothing is left of it', async (t) => {
    const { connection, envelope, folder } = await openSender(t);
    const file = join(folder, 'fetched');
    const onProgress = () => writeFileSync(join(folder, 'sent'), Buffer.alloc(700_000));
    await assert.rejects(
      fetchSnapshot({ connection, envelope, file, check, onProgress }),
      (error) => error instanceof StartupError && /was damaged on its way/.test(error.message),
    );
    assert.throws(() => readFileSync(file), { code: 'ENOENT' });
  });
});
