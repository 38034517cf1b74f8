import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { NatsServer } from '../../../scripts/nats.ts';
import { ChaosCluster } from '../support/chaos-cluster.ts';

/** Longer than the lease of a node, and than an election. */
const PAUSE_MS = 20_000;

const CUTS = [
  ['neither hears the others nor is heard', 'from', 'to'],
  ['hears the others and is not heard', 'from'],
  ['is heard and does not hear the others', 'to'],
] as const;

/** Any of the servers may lead afterwards, with what it has. */
async function settleWithEachLeader(cluster: ChaosCluster, name: string): Promise<void> {
  await cluster.settle(name);
  await cluster.restartLeaders();
  await cluster.settle(`${name}; then each server restarted`);
}

async function stop(cluster: ChaosCluster, server: NatsServer, name: string): Promise<void> {
  server.signal('SIGSTOP');
  try {
    await Promise.all([wait(PAUSE_MS), cluster.more(60)]);
  } finally {
    server.signal('SIGCONT');
  }
  await settleWithEachLeader(cluster, name);
}

/*
 * npm run test:cluster:nats: what these tests do makes the copies of the log differ that servers of NATS 2.9 have,
 * which no node can prevent (docs/cluster.md). NATS_SERVER names another program than Debian's.
 */
suite('A cluster to which a NATS server returns', { timeout: 900_000 }, () => {
  for (const [name, ...flows] of CUTS) {
    test(`loses nothing where that led, and ${name}`, { timeout: 240_000 }, async (t) => {
      const cluster = await ChaosCluster.start(t);
      const [leader] = await cluster.roles();
      cluster.isolate(cluster.servers.indexOf(leader), ...flows);
      await cluster.more(60);
      cluster.heal();
      await settleWithEachLeader(cluster, name);
    });
  }

  test('loses nothing where that hung', { timeout: 240_000 }, async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [, follower] = await cluster.roles();
    await stop(cluster, follower, 'a server that follows, stopped');
  });

  test('loses nothing where that led, and hung', { timeout: 240_000 }, async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [leader] = await cluster.roles();
    await stop(cluster, leader, 'the server that leads, stopped');
  });

  test('loses nothing where two of three were killed', { timeout: 240_000 }, async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [leader, follower] = await cluster.roles();
    await Promise.all([leader.kill(), follower.kill()]);
    follower.start();
    leader.start();
    await Promise.all([leader.whenHealthy(), follower.whenHealthy()]);
    await settleWithEachLeader(cluster, 'two of three, killed');
  });
});
