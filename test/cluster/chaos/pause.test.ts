import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ChaosCluster } from '../support/chaos-cluster.ts';

/** Longer than the lease of a node. */
const PAUSE_MS = 20_000;

suite('A cluster of which a node hangs', { timeout: 240_000 }, () => {
  // NATS servers that hang: test/cluster/nats-faults.
  test('loses nothing, and goes on with that', async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [node] = cluster.nodes;
    // It accepts connections meanwhile, and answers none: each of a sender's costs it five seconds.
    node?.process.child.kill('SIGSTOP');
    try {
      await Promise.all([wait(PAUSE_MS), cluster.more(10)]);
    } finally {
      node?.process.child.kill('SIGCONT');
    }
    await cluster.settle('a node, stopped');
  });
});
