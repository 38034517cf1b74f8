import { suite, test } from 'node:test';
import { ChaosCluster } from '../support/chaos-cluster.ts';

const CLOCK_AHEAD = new URL('../support/clock-ahead.ts', import.meta.url).pathname;

suite('A cluster of which processes are killed', { timeout: 240_000 }, () => {
  test('loses nothing, whichever of the six it is, nor when a whole machine is lost', async (t) => {
    // The clock of the last node is an hour ahead, all the while.
    const cluster = await ChaosCluster.start(t, {
      env: { NODE_OPTIONS: `--import=${CLOCK_AHEAD}` },
    });
    for (const [index, node] of cluster.nodes.entries()) {
      await node.kill();
      await cluster.more(60);
      node.start();
      await node.whenListening();
      await cluster.settle(`node ${index + 1}`);
    }
    const [leader, follower] = await cluster.roles();
    await follower.kill();
    await cluster.more(60);
    follower.start();
    await follower.whenHealthy();
    await cluster.settle('a NATS server that follows');
    await leader.kill();
    await cluster.more(60);
    leader.start();
    await leader.whenHealthy();
    await cluster.settle('the NATS server that leads');
    const [server] = await cluster.roles();
    const [node] = cluster.nodes;
    await Promise.all([server.kill(), node?.kill()]);
    await cluster.more(60);
    server.start();
    node?.start();
    await Promise.all([server.whenHealthy(), node?.whenListening()]);
    await cluster.settle('a machine, with the NATS server that leads and a node');
  });
});
