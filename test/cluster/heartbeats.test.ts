import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { compareDigests } from '../../server/cluster/digest-vote.ts';
import { Heartbeats, type NodeIdentity } from '../../server/cluster/heartbeats.ts';
import type { Checkpoint } from '../../server/core/replication.ts';
import { openOneNats, SECRET } from '../support/cluster.ts';
import { post } from '../support/listeners.ts';
import { MemoryNet } from '../support/memory-bus.ts';
import { openApp, temporaryFolder } from '../support/server.ts';

const BOARD = readFileSync(new URL('../../docs/grafana.json', import.meta.url), 'utf8');
const IDENTITY = { host: 'a', epoch: 'epoch', version: '1', newestFormat: 1, config: 'same' };

/** A node whose heartbeats come when the test says so. */
function openNode(
  net: MemoryNet,
  checkpoints: Checkpoint[],
  own: Partial<NodeIdentity> = {},
  copiedPlace?: number,
) {
  const faults: string[] = [];
  const others: string[] = [];
  const raised: number[] = [];
  const clock = { nowMs: 0 };
  const level = { isLevel: true };
  const heartbeats = new Heartbeats({
    bus: net.join(),
    identity: { ...IDENTITY, ...own },
    state: () => ({
      place: checkpoints.at(-1)?.place ?? 0,
      ...{ lag: 0, lack: null, isLevel: level.isLevel, connections: {} },
    }),
    checkpoints: async () => checkpoints,
    copiedPlace,
    format: async () => raised.at(-1) ?? 1,
    raiseFormat: (format) => void raised.push(format),
    onFault: (fault) => void faults.push(fault),
    onOtherConfig: (host) => void others.push(host),
    now: () => clock.nowMs,
  });
  return { heartbeats, faults, others, raised, clock, level };
}

type Node = ReturnType<typeof openNode>;

async function beat(nodes: readonly Node[]): Promise<void> {
  for (const { heartbeats } of nodes) await heartbeats.beat();
}

suite('The heartbeats of nodes', () => {
  test('stop the one that has decided otherwise than the others, when it is certain', async () => {
    const net = new MemoryNet();
    const [one, two] = [
      openNode(net, [{ place: 100, digest: 'x' }]),
      openNode(net, [{ place: 100, digest: 'x' }], { host: 'b' }),
    ];
    const wrong = openNode(net, [{ place: 100, digest: 'y' }], { host: 'c' });
    const nodes = [wrong, one, two];
    // At first each of them has heard of nobody, or of one.
    await beat(nodes);
    await beat(nodes);
    await beat(nodes);
    assert.deepEqual([one.faults, two.faults, wrong.faults], [[], [], []]);
    await beat(nodes);
    assert.deepEqual([one.faults, two.faults], [[], []]);
    assert.match(wrong.faults.join(), /up to place 100 .* than the nodes of (a, b|b, a)/);
  });

  test('know which nodes have decided the same, once they have a place in common', async () => {
    const net = new MemoryNet();
    const digests = ['x', 'x', 'y'].map((digest) => [{ place: 100, digest }]);
    const nodes = [...digests, [{ place: 300, digest: 'z' }]].map((own) => openNode(net, own));
    await beat(nodes);
    const seen = nodes[0]?.heartbeats.nodes.map(({ agrees }) => agrees);
    assert.deepEqual(seen, [true, true, false, undefined]);
  });

  test('do not count a copy of another node before it has agreed with the others', async () => {
    const net = new MemoryNet();
    const own = (digest: string): Checkpoint[] => [{ place: 100, digest }];
    const [right, wrong] = [
      [openNode(net, own('x')), openNode(net, own('x'))],
      [openNode(net, own('y')), openNode(net, own('y'), {}, 70)],
    ];
    const nodes = [...right, ...wrong];
    for (let count = 0; count < 5; count += 1) await beat(nodes);
    assert.deepEqual(
      nodes.map(({ faults }) => faults.length > 0),
      [false, false, true, true],
    );
    const copy = openNode(net, own('x'), {}, 70);
    for (let count = 0; count < 5; count += 1) await beat([...right, copy]);
    assert.deepEqual(copy.faults, []);
    const seen = right[0]?.heartbeats.nodes.map(({ agrees }) => agrees);
    assert.deepEqual(seen?.at(-1), true, 'its own digests are told now');
  });

  test('raise the format when all of them know the next one, and not before', async () => {
    const net = new MemoryNet();
    const one = openNode(net, [], { newestFormat: 2 });
    const old = openNode(net, [], { host: 'b' });
    for (let count = 0; count < 10; count += 1) await beat([old, one]);
    assert.deepEqual([one.raised, old.raised], [[], []]);
    // It is stopped, and starts again as a newer version.
    const updated = openNode(net, [], { host: 'b', newestFormat: 2 });
    one.clock.nowMs = 10_001;
    for (let count = 0; count < 4; count += 1) await beat([updated, one]);
    assert.deepEqual(one.raised, []);
    for (let count = 0; count < 10; count += 1) await beat([updated, one]);
    assert.deepEqual([one.raised, updated.raised], [[2], [2]]);
  });

  test('say once that the options of another node differ', async () => {
    const net = new MemoryNet();
    const nodes = [openNode(net, []), openNode(net, [], { host: 'b', config: 'other' })];
    await beat(nodes);
    await beat(nodes);
    assert.deepEqual(
      nodes.map(({ others }) => others),
      [['b'], ['a']],
    );
  });

  test('know who is heard and who is furthest, and forget who is silent', async () => {
    const net = new MemoryNet();
    const one = openNode(net, []);
    const ahead = openNode(net, [{ place: 700, digest: 'x' }], { version: '2' });
    const elsewhere = openNode(net, [{ place: 900, digest: 'x' }], { epoch: 'another log' });
    net.join().tell('heartbeat', { id: 'x', place: 'not a number' });
    await beat([ahead, elsewhere]);
    const versions = () => one.heartbeats.nodes.map(({ version }) => version);
    assert.deepEqual(versions(), ['1', '2']);
    assert.equal(one.heartbeats.highestPlace, 700);
    one.clock.nowMs = 10_001;
    assert.deepEqual(versions(), ['1']);
    assert.equal(one.heartbeats.highestPlace, 0);
  });
});

suite('Another node may have more of the log', () => {
  test('unless all that were heard in the last minute have said lately that they do not know', async () => {
    const net = new MemoryNet();
    const one = openNode(net, []);
    const [two, three] = [openNode(net, []), openNode(net, [])];
    assert.equal(one.heartbeats.mayOthersBeLevel, false, 'nobody else was heard');
    two.level.isLevel = false;
    await beat([two, three]);
    assert.equal(one.heartbeats.mayOthersBeLevel, true);
    three.level.isLevel = false;
    await beat([three]);
    assert.equal(one.heartbeats.mayOthersBeLevel, false);
    one.clock.nowMs = 5_001;
    await beat([two]);
    assert.equal(one.heartbeats.mayOthersBeLevel, true, 'three was not heard');
    one.clock.nowMs = 60_001;
    await beat([two]);
    assert.equal(one.heartbeats.mayOthersBeLevel, false, 'three was stopped');
  });
});

test('Of two sides as large, the one with the smallest id is right; places that only one has are not compared.', () => {
  const voter = (id: string, ...digests: readonly (readonly [number, string])[]) => ({
    ...{ id, host: id },
    checkpoints: digests.map(([place, digest]) => ({ place, digest })),
  });
  const [a, b] = [voter('a', [100, 'x'], [200, 'x']), voter('b', [100, 'y'])];
  assert.deepEqual(compareDigests(a.checkpoints, [a, b]), {
    place: 100,
    isRight: true,
    hosts: 'a',
  });
  assert.deepEqual(compareDigests(b.checkpoints, [a, b]), {
    place: 100,
    isRight: false,
    hosts: 'a',
  });
  assert.equal(compareDigests(a.checkpoints, [voter('c', [300, 'z'])]), undefined);
  assert.equal(compareDigests(b.checkpoints, []), undefined);
});

suite('Two nodes', () => {
  test('whose stores differ do not both go on; before that, each has its metrics and is up', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const metricsToken = 'a token of sixteen';
    const cluster = { cluster: urls, secret: SECRET, metricsToken };
    const data = temporaryFolder(scope);
    const before = await openApp(scope, { ...cluster, data });
    await post(before.port, 'class', 'first');
    await before.close();
    const one = await openApp(scope, { ...cluster, data: temporaryFolder(scope) });
    const db = new DatabaseSync(join(data, 'chat.sqlite'));
    db.exec("UPDATE replica SET digest = 'another'");
    db.close();
    const two = await openApp(scope, { ...cluster, data });
    const metrics = async () => {
      const headers = { Authorization: `Bearer ${metricsToken}` };
      return (await fetch(`${one.url}/metrics`, { headers })).text();
    };
    while (!/^typhoon_cluster_nodes 1$/m.test(await metrics())) await wait(50);
    const shown = await metrics();
    for (const name of BOARD.matchAll(/\btyphoon_cluster_\w+/g))
      assert.match(shown, new RegExp(`^${name}[ {]`, 'm'));
    assert.match(shown, /^typhoon_cluster_reachable 1$/m);
    assert.equal((await fetch(`${one.url}/up`)).status, 200);
    for (let count = 0; count < 100; count += 1) await post(one.port, 'class', `${count}`);
    const faults = () =>
      [one, two].map(({ lines }) => lines.some(({ code }) => code === 'cluster-fault'));
    while (!faults().includes(true)) await wait(50);
    assert.deepEqual(faults().toSorted(), [false, true]);
  });
});
