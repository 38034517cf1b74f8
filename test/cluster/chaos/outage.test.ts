import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from '../../support/client.ts';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { transports } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { untilSaved } from '../support/acknowledged.ts';

const [{ listen }] = transports as [(typeof transports)[0]];

suite('A node that cannot reach the log', { timeout: 240_000 }, () => {
  test('says so at once, lets nobody in, and goes on when the log is back', async (t) => {
    const { servers, urls, scope } = await openOneNats(t);
    const [nats] = servers;
    assert.ok(nats);
    const data = temporaryFolder(scope);
    const node = await openApp(scope, { data, cluster: urls, secret: SECRET });
    const post = (body: object, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${node.url}/rooms/class/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const first = (await (await post({ message: 'first' })).json()) as {
      readonly guest: { readonly token: string };
    };
    const authorization = { Authorization: `Bearer ${first.guest.token}` };
    const reader = await listen(t, node.port, 'class');
    await nats.kill();
    while ((await fetch(`${node.url}/up`)).status !== 503) await wait(100);
    // There is no other node on which anything could happen: who is here may stay.
    await assert.rejects(join(t, node.port, '/rooms/class/live', { protocols: ['json'] }));
    const answer = await post({ message: 'second', cid: 'c2' }, authorization);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /log-unavailable/);
    nats.start();
    // The client says it again under the same id, as the outbox of a page does.
    const again = () => post({ message: 'second', cid: 'c2' }, authorization);
    await untilSaved(again);
    await reader.until(() => reader.bodies.includes('second'));
    const other = await listen(t, node.port, 'class');
    await other.untilLive();
    assert.deepEqual(
      [reader.bodies, other.bodies],
      [
        ['first', 'second'],
        ['first', 'second'],
      ],
    );
  });
});
