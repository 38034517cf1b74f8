import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ChaosCluster } from '../support/chaos-cluster.ts';

/** Longer than the lease of a node, and than an election. */
const PAUSE_MS = 20_000;

const CUTS = [
  ['neither hears the others nor is heard', 'from', 'to'],
  ['hears the others and is not heard', 'from'],
  ['is heard and does not hear the others', 'to'],
] as const;

/*
 * npm run test:cluster:leader: what these tests do makes the replicas of NATS 2.9 differ, which no node can
 * prevent (docs/cluster.md). NATS_SERVER names another program than Debian's.
 */
suite('A cluster whose NATS server that leads is replaced while it runs', {
  timeout: 240_000,
}, () => {
  for (const [name, ...flows] of CUTS) {
    test(`loses nothing when that ${name}`, async (t) => {
      const cluster = await ChaosCluster.start(t);
      const [leader] = await cluster.roles();
      cluster.isolate(cluster.servers.indexOf(leader), ...flows);
      await cluster.more(60);
      cluster.heal();
      await cluster.settle(name);
      // It may lead again, with what it has.
      await cluster.restartLeaders();
      await cluster.settle('each NATS server, after that');
    });
  }

  test('loses nothing when that hangs', async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [leader] = await cluster.roles();
    leader.signal('SIGSTOP');
    try {
      await Promise.all([wait(PAUSE_MS), cluster.more(60)]);
    } finally {
      leader.signal('SIGCONT');
    }
    await cluster.settle('stopped');
    await cluster.restartLeaders();
    await cluster.settle('each NATS server, after that');
  });
});
