import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { StartupError } from '../../../server/core/errors.ts';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { post, transports } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';

const [{ listen }] = transports as [(typeof transports)[0]];

const refused = (pattern: RegExp) => (error: unknown) =>
  error instanceof StartupError && pattern.test(error.message);

suite('Joining a cluster', { timeout: 240_000 }, () => {
  test('makes a server with a history the first node, and its cursors stay valid', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const data = temporaryFolder(scope);
    const alone = await openApp(scope, { data });
    await post(alone.port, 'class', 'before');
    const listener = await (await listen(t, alone.port, 'class')).untilLive();
    await alone.close();
    const node = await openApp(scope, { data, cluster: urls, secret: SECRET });
    await post(node.port, 'class', 'after');
    const again = await listen(t, node.port, 'class', listener.cursor);
    await again.until(() => again.bodies.length > 0);
    assert.deepEqual([again.bodies, again.isReset], [['after'], false]);
    // A store in memory cannot fetch it.
    const other = { data: ':memory:', cluster: urls, secret: SECRET };
    await assert.rejects(
      openApp(scope, other),
      refused(/began with a history that this node does not/),
    );
    await node.close();
    await assert.rejects(openApp(scope, { data }), refused(/is that of a node of a cluster/));
  });

  test('asks for the secret, and refuses another one than the others have', async (t) => {
    const { urls: cluster, scope } = await openOneNats(t);
    await openApp(scope, { data: temporaryFolder(scope), cluster, secret: SECRET });
    await assert.rejects(
      openApp(scope, { data: temporaryFolder(scope), cluster }),
      refused(/needs CHAT_SECRET/),
    );
    await assert.rejects(
      openApp(scope, { data: temporaryFolder(scope), cluster, secret: SECRET.toUpperCase() }),
      refused(/CHAT_SECRET is not the one of the cluster/),
    );
  });

  test('is refused to a server with another history, which stays as it was', async (t) => {
    const { urls, scope } = await openOneNats(t);
    const cluster = { cluster: urls, secret: SECRET };
    await openApp(scope, { data: temporaryFolder(scope), ...cluster });
    const data = temporaryFolder(scope);
    const alone = await openApp(scope, { data });
    await post(alone.port, 'class', 'mine');
    await alone.close();
    await assert.rejects(openApp(scope, { data, ...cluster }), refused(/belongs to another log/));
    const again = await openApp(scope, { data });
    const listener = await (await listen(t, again.port, 'class')).untilLive();
    assert.deepEqual(listener.bodies, ['mine']);
  });
});

test('The token of a guest and a cursor of one node are valid on another, which waits for what it has not applied.', async (t) => {
  const { urls, scope } = await openOneNats(t);
  const open = () =>
    openApp(scope, { data: temporaryFolder(scope), cluster: urls, secret: SECRET });
  const [one, two] = [await open(), await open()];
  const posted = await fetch(`${one.url}/rooms/class/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ message: 'from one' }),
  });
  const { guest } = (await posted.json()) as { readonly guest: { uid: string; token: string } };
  const authorization = { Authorization: `Bearer ${guest.token}` };
  const listener = await (await listen(t, one.port, 'class')).untilLive();
  // The second node may not have applied it yet: it waits for it.
  const other = await (await listen(t, two.port, 'class', listener.cursor)).untilLive();
  assert.equal(other.isReset, false);
  const again = await post(two.port, 'class', 'from two', authorization);
  assert.ok(again.ok, 'the token of the first node is valid on the second');
  await listener.until(() => listener.bodies.includes('from two'));
});
