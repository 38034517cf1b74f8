import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { freePort } from '../../scripts/free-ports.ts';
import { connectNats } from '../../server/cluster/connect.ts';
import { serverAddresses } from '../../server/cluster/server-addresses.ts';
import { waitWhile } from '../support/wait-while.ts';
import { FakeNats } from './support/fake-nats.ts';

const SECOND_NANOS = 1_000_000_000;

/** What a leader says of the log that heard of both others so long ago. */
function leaderAfter(seconds: number): object {
  const active = seconds * SECOND_NANOS;
  const replicas = ['n2', 'n3'].map((name) => ({ name, current: true, active }));
  return { cluster: { leader: 'n1', replicas } };
}

const ISOLATED = {
  'says that there is no leader': { error: { code: 503, err_code: 10_008 } },
  'takes itself for the leader': leaderAfter(3),
  'does not answer': undefined,
};

suite('A connection to a NATS server that is cut off', { concurrency: true }, () => {
  for (const [what, answer] of Object.entries(ISOLATED)) {
    test(`is left for another one at once where it ${what}`, async (t) => {
      const open = () => FakeNats.open(t, leaderAfter(0));
      const servers = [await open(), await open(), await open()];
      const connection = await connectNats(servers.map(({ url }) => url));
      t.after(() => connection.close());
      const left = servers.find(({ accepted }) => accepted > 0);
      assert.ok(left);
      left.answer = answer;
      await waitWhile(() => servers.every((server) => server === left || server.accepted === 0));
      assert.equal(left.accepted, 1);
    });
  }
});

suite('A connection to the NATS servers', () => {
  test('has the user and the password of its URLs', async (t) => {
    const server = await FakeNats.open(t, leaderAfter(0));
    const url = server.url.replace('//', '//ada:1%40b@');
    const connection = await connectNats([url]);
    t.after(() => connection.close());
    const { user, pass } = server.client;
    assert.deepEqual([user, pass], ['ada', '1@b']);
  });

  test('takes TLS for all servers where a URL asks for it', () => {
    const { servers, tls } = serverAddresses(['tls://10.0.0.1', 'nats://[::1]:4223']);
    assert.deepEqual([servers, tls], [['10.0.0.1', '[::1]:4223'], {}]);
  });

  test('finds servers that were down when it was opened', async (t) => {
    const up = await FakeNats.open(t, leaderAfter(0));
    const port = await freePort();
    const urls = [`nats://127.0.0.1:${port}`, up.url];
    // Each begins with one of them at random.
    const connections = await Promise.all(Array.from({ length: 8 }, () => connectNats(urls)));
    t.after(() => Promise.all(connections.map((connection) => connection.close())));
    const late = await FakeNats.open(t, leaderAfter(0), port);
    up.close();
    await waitWhile(() => late.connections < connections.length);
  });
});
