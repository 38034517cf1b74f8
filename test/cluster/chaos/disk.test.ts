import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, createWriteStream, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import type { NatsServer } from '../../../scripts/nats.ts';
import { storedIn } from '../../support/cluster.ts';
import { withTmpfs } from '../../support/mount.ts';
import { signIn } from '../../support/test-user.ts';
import { untilSaved } from '../support/acknowledged.ts';
import { ChaosCluster } from '../support/chaos-cluster.ts';
import { seenBy } from '../support/process-node.ts';

/** A room that is created while a disk is full. */
const NEW = 'new';
/** What fills a disk. */
const FILLER = 'filler';

/** Fills the file system of a folder, and returns what makes room again. */
async function fill(folder: string): Promise<() => void> {
  const file = join(folder, FILLER);
  const stream = createWriteStream(file);
  const full = once(stream, 'error');
  for (const block = Buffer.alloc(64 * 1024); !stream.errored; ) {
    if (!stream.write(block)) await Promise.race([once(stream, 'drain'), full]).catch(() => {});
  }
  return () => rmSync(file);
}

const natsWithin = (data: string) => withTmpfs(data, 'size=32m');

/** Restarts a NATS server with what it had stored, on the file system under its own, which has room. */
async function restartWithRoom(server: NatsServer): Promise<void> {
  server.signal('SIGSTOP');
  const filter = (path: string) => basename(path) !== FILLER;
  cpSync(seenBy(server.pid, server.data), server.data, { recursive: true, filter });
  await server.kill();
  server.start();
  await server.whenHealthy();
}

/** What uses a cluster: a room is created, and messages are sent; and what checks that each node has the room. */
async function openNew(cluster: ChaosCluster) {
  const [{ port = 0 } = {}] = cluster.nodes;
  const ada = await signIn(port, 'Ada');
  const use = async () => {
    await untilSaved(() => ada.createRoom(NEW, { cid: 'new' }));
    await untilSaved(() => ada.postMessage(NEW, 'first', 'first'));
    await cluster.more(300);
  };
  const check = () => {
    // The first one says who created it.
    for (const { readableData } of cluster.nodes)
      assert.deepEqual(storedIn(readableData, NEW).bodies.slice(1), ['first']);
  };
  return { use, check };
}

suite('A cluster of which a disk is full', { timeout: 240_000 }, () => {
  test('loses nothing, and its node goes on by itself when there is room', async (t) => {
    const within = (data: string) => withTmpfs(data, 'size=48m');
    const cluster = await ChaosCluster.start(t, { within });
    const full = cluster.nodes.at(-1);
    assert.ok(full);
    const makeRoom = await fill(full.data);
    await full.whenUp((up) => up.startsWith('disk-full'));
    await cluster.more(150);
    assert.match(await full.up(), /^(disk-full|behind)/);
    makeRoom();
    await full.whenUp();
    await cluster.settle('the disk of a node is full');
  });

  test('goes on without a NATS server that follows, until that has room', async (t) => {
    const cluster = await ChaosCluster.start(t, { natsWithin });
    const [, full] = await cluster.roles();
    const { use, check } = await openNew(cluster);
    await fill(seenBy(full.pid, full.data));
    await use();
    await restartWithRoom(full);
    await cluster.settle('the disk of a NATS server that follows is full');
    check();
  });

  test('goes on when the NATS server that leads was restarted with room', async (t) => {
    const cluster = await ChaosCluster.start(t, { natsWithin });
    const [full] = await cluster.roles();
    const { use, check } = await openNew(cluster);
    await fill(seenBy(full.pid, full.data));
    const used = use();
    // Whether another one leads before the restart depends on the version of NATS.
    await cluster.whenDeposed(full);
    await Promise.all([restartWithRoom(full), used]);
    await cluster.settle('the disk of the NATS server that leads is full');
    check();
  });
});
