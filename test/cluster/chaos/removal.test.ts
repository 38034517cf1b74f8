import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';
import { acknowledged, untilSaved } from '../support/acknowledged.ts';
import { ChaosCluster } from '../support/chaos-cluster.ts';
import type { Link } from '../support/link.ts';

/** A node other than that at this port, whose NATS server follows, and its ways to the NATS servers. */
async function followerElsewhere(cluster: ChaosCluster, port: number) {
  const [, ...followers] = await cluster.roles();
  for (const [index, node] of cluster.nodes.entries()) {
    const { [index]: server } = cluster.servers;
    const { [index]: links } = cluster.links;
    if (node.port !== port && server && links && followers.includes(server))
      return { index, node, links };
  }
  throw new Error('Two of three NATS servers follow.');
}

/** A guest who has connected to each node, and what bans them. */
async function openGuest(t: TestContext, cluster: ChaosCluster, owner: TestUser, room: string) {
  const ports = cluster.nodes.map(({ port }) => port);
  await untilSaved(() => owner.createRoom(room, { cid: room }));
  const guest = await createGuest(owner.port);
  await untilSaved(() => guest.postMessage(room, 'hello', 'hello'));
  const clients = await Promise.all(ports.map((port) => guest.at(port).live(t, room)));
  await Promise.all(
    clients.map((client) => client.until((frames) => frames.some((frame) => /synced/.test(frame)))),
  );
  const ban = async () => {
    const start = performance.now();
    const command = { type: 'ban', uid: guest.uid, cid: `ban-${room}` };
    await untilSaved(() => owner.command(room, command));
    t.diagnostic(`${room}: acknowledged after ${Math.round(performance.now() - start)} ms`);
    return Promise.all(
      clients.map(async ({ closed }, index) => {
        const code = await closed;
        const ms = Math.round(performance.now() - start);
        t.diagnostic(`${room}: node ${index + 1} closed the stream with ${code} after ${ms} ms`);
        return code;
      }),
    );
  };
  return { guest, ban };
}

suite('A user who is removed', { timeout: 240_000 }, () => {
  test('loses every stream, also at a node that is cut off, where nobody stays', async (t) => {
    const cluster = await ChaosCluster.start(t);
    const [{ port = 0 } = {}] = cluster.nodes;
    const owner = await signIn(port, 'Ada');
    const all = await openGuest(t, cluster, owner, 'whole');
    assert.deepEqual(await all.ban(), [1008, 1008, 1008]);

    const disturb = async (
      name: string,
      cut: (index: number, links: readonly Link[]) => void,
      others: readonly number[] = [1008],
    ) => {
      const { guest, ban } = await openGuest(t, cluster, owner, name);
      const { index, node, links } = await followerElsewhere(cluster, port);
      cut(index, links);
      for (const [other, code] of (await ban()).entries())
        assert.ok((other === index ? [1013] : others).includes(code), `${name}: ${other}, ${code}`);
      assert.match(await node.up(), /^cut-off/);
      const there = guest.at(node.port);
      await assert.rejects(there.live(t, name), 'nobody new is let in');
      const answer = await outcome(there.postMessage(name, 'still here?'));
      assert.equal(answer, '503 log-unavailable', 'it says at once that it waits');
      return { name, node, there };
    };
    const heal = async ({ name, node, there }: Awaited<ReturnType<typeof disturb>>) => {
      cluster.heal();
      await node.whenUp();
      const again = () => there.postMessage(name, 'still here?', 'again');
      assert.equal(await acknowledged(again), '403 banned');
      await cluster.settle(name);
    };
    await heal(
      await disturb('cut-in-both-directions', (_, links) => {
        for (const link of links) link.cut('to', 'back');
      }),
    );
    await heal(
      await disturb('cut-in-one-direction', (_, links) => {
        for (const link of links) link.cut('back');
      }),
    );
    // Its NATS server answers it and sends heartbeats, and is cut off from the others itself. Other nodes
    // that used that server may be as late, and close their connections, too. How it returns: test/cluster/nats-faults.
    const cut = (index: number, links: readonly Link[]) => {
      for (const [other, link] of links.entries()) if (other !== index) link.cut('to', 'back');
      cluster.isolate(index, 'from', 'to');
    };
    await disturb('cut-with-its-server', cut, [1008, 1013]);
  });
});
