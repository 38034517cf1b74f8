import { suite, test } from 'node:test';
import { ChaosCluster } from '../support/chaos-cluster.ts';

suite('A cluster without a quorum', { timeout: 240_000 }, () => {
  test('confirms nothing, and loses nothing of what is sent again', async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [leader, follower] = await cluster.roles();
    // While messages are sent, servers of NATS 2.9 may differ afterwards: see ../nats-faults.
    await cluster.whileQuiet(() => Promise.all([leader.kill(), follower.kill()]));
    // Without a leader that has confirmed for ten seconds that nothing is missing, no node is up.
    await Promise.all(cluster.nodes.map((node) => node.whenUp((up) => up.startsWith('cut-off'))));
    follower.start();
    leader.start();
    await Promise.all([leader.whenHealthy(), follower.whenHealthy()]);
    await cluster.settle('two of three NATS servers');
  });
});
