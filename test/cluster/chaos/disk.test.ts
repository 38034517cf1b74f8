import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { storedIn } from '../../support/cluster.ts';
import { withTmpfs } from '../../support/mount.ts';
import { signIn } from '../../support/test-user.ts';
import { acknowledged } from '../support/acknowledged.ts';
import { ChaosCluster } from '../support/chaos-cluster.ts';
import { seenBy } from '../support/process-node.ts';

/** The longest that messages were seen to wait where another NATS server leads. */
const LONGEST_MS = 40_000;
/** A room that is created while a disk is full. */
const NEW = 'new';

/** Fills the file system of a folder, and returns what makes room again. */
async function fill(folder: string): Promise<() => void> {
  const file = join(folder, 'filler');
  const stream = createWriteStream(file);
  const full = once(stream, 'error');
  for (const block = Buffer.alloc(64 * 1024); !stream.errored; ) {
    if (!stream.write(block)) await Promise.race([once(stream, 'drain'), full]).catch(() => {});
  }
  return () => rmSync(file);
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

  test('goes on without a NATS server whose disk is full, until that has room', async (t) => {
    const natsWithin = (data: string) => withTmpfs(data, 'size=32m');
    const cluster = await ChaosCluster.start(t, { natsWithin });
    const [full] = cluster.servers;
    assert.ok(full);
    const [{ port = 0 } = {}] = cluster.nodes;
    const ada = await signIn(port, 'Ada');
    await fill(seenBy(full.pid, full.data));
    const use = async () => {
      assert.equal(await acknowledged(() => ada.createRoom(NEW, { cid: 'new' })), '201');
      assert.equal(await acknowledged(() => ada.postMessage(NEW, 'first', 'first')), '201');
      await cluster.more(300);
    };
    const used = use();
    // Where it leads, NATS 2.9 may not let another one lead before it is restarted.
    await Promise.race([used, wait(LONGEST_MS, undefined, { ref: false })]);
    await full.kill();
    // Its file system has gone with it: it gets everything from the others.
    full.start();
    await Promise.all([full.whenHealthy(), used]);
    await cluster.settle('the disk of a NATS server is full');
    // The first one says who created it.
    for (const { readableData } of cluster.nodes)
      assert.deepEqual(storedIn(readableData, NEW).bodies.slice(1), ['first']);
  });
});
