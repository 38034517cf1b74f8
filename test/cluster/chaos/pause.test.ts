import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ChaosCluster } from '../support/chaos-cluster.ts';

/** Longer than the lease of a node, and than an election. */
const PAUSE_MS = 20_000;

suite('A cluster of which processes hang', { timeout: 240_000 }, () => {
  // Where the one that leads hangs: test/cluster/stale-leader.
  test('loses nothing, and goes on with all of them', async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [, follower] = await cluster.roles();
    follower.signal('SIGSTOP');
    try {
      await Promise.all([wait(PAUSE_MS), cluster.more(60)]);
    } finally {
      follower.signal('SIGCONT');
    }
    await cluster.settle('a NATS server that follows, stopped');
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
