import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openNats, SECRET } from '../../support/cluster.ts';
import { becomeOwner } from '../../support/owner.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';

const TOKEN = 'a token of sixteen';

suite('The status of a cluster', { timeout: 240_000 }, () => {
  test('is in the overview and in the metrics: nodes, connections of all, NATS servers.', async (t) => {
    const { servers, urls, scope } = await openNats(t);
    const options = { cluster: urls, secret: SECRET, metricsToken: TOKEN };
    const one = await openApp(scope, { ...options, data: temporaryFolder(scope) });
    const two = await openApp(scope, { ...options, data: temporaryFolder(scope) });
    const owner = await becomeOwner(one.port, one.ownerPath);
    for (const { port } of [one, two]) await owner.at(port).live(t, 'lobby');

    const page = async () => (await owner.get('/admin', { 'Accept-Language': 'en' })).text();
    const until = async (read: () => Promise<string>, pattern: RegExp) => {
      for (;;) {
        const text = await read();
        if (pattern.test(text)) return text;
        await wait(50);
      }
    };
    const shown = await until(page, /WebSocket<\/dt>\s*<dd>2 connections/);
    assert.equal(
      shown.match(/1 connection<\/span>\s*<span class="small">ready · place /g)?.length,
      2,
    );
    assert.equal(shown.match(/this node ·/g)?.length, 1);
    assert.match(shown, />leader<.*>up to date<|>up to date<.*>leader</s);

    const metrics = async () => {
      const headers = { Authorization: `Bearer ${TOKEN}` };
      return (await fetch(`${one.url}/metrics`, { headers })).text();
    };
    assert.match(await metrics(), /^typhoon_cluster_has_leader 1$/m);
    assert.equal((await metrics()).match(/^typhoon_cluster_server_leads\{.*\} 1$/gm)?.length, 1);
    await servers[0]?.kill();
    await until(metrics, /^typhoon_cluster_server_reachable\{server="n1"\} 0$/m);
    assert.match(await until(page, />unreachable</), />leader</);
    await servers[1]?.kill();
    await until(metrics, /^typhoon_cluster_has_leader 0$/m);
    assert.match(await until(page, /No NATS server leads/), /Nodes of the cluster/);
  });
});
