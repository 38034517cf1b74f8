import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsServer } from '../../../scripts/nats.ts';
import { STREAM } from '../../../server/cluster/log-stream.ts';
import { openNats, SECRET } from '../../support/cluster.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome, signIn } from '../../support/test-user.ts';
import { acknowledged, untilSaved } from '../support/acknowledged.ts';

const ROOM = 'class';

/** A message of the history. */
interface Shown {
  readonly type: string;
  readonly action?: string;
}

/** Two nodes, and the NATS servers of which none leads the log. */
async function openNodes(t: TestContext) {
  const { servers, urls, scope } = await openNats(t);
  const config = { cluster: urls, secret: SECRET };
  const one = await openApp(scope, { ...config, data: temporaryFolder(scope) });
  const two = await openApp(scope, { ...config, data: temporaryFolder(scope) });
  const connection = await connect({ servers: [...urls] });
  const { cluster } = await (await jetstreamManager(connection)).streams.info(STREAM);
  await connection.close();
  const followers = servers.filter(({ name }) => name !== cluster?.leader);
  assert.equal(followers.length, 2);
  return { one, two, followers };
}

/** Without these there is no quorum; the one that leads takes what it is sent, and may commit it later. */
async function restart(followers: readonly NatsServer[]): Promise<void> {
  for (const server of followers) server.start();
  await Promise.all(followers.map((server) => server.whenHealthy()));
}

suite('Commands that are sent while there is no quorum', { timeout: 240_000 }, () => {
  test('are unconfirmed, and sent again under their ids they are executed once', async (t) => {
    const { one, two, followers } = await openNodes(t);
    const ada = await signIn(one.port, 'Ada');
    const guest = await createGuest(one.port);
    await untilSaved(() => ada.createRoom(ROOM, { cid: 'room' }));
    await untilSaved(() => guest.postMessage(ROOM, 'hello', 'hello'));
    // The other node knows her session, and the room.
    const there = ada.at(two.port);
    await untilSaved(() => there.postMessage(ROOM, 'hello', 'there'));
    const ban = { type: 'ban', uid: guest.uid, cid: 'ban' };
    const poll = { type: 'create-poll', question: 'Why?', options: ['a', 'b'], cid: 'poll' };
    // At a node each: what waits behind another entry is never sent, and its sender is told so.
    const commands = [() => ada.command(ROOM, ban), () => there.command(ROOM, poll)];

    await Promise.all(followers.map((server) => server.kill()));
    assert.deepEqual(await Promise.all(commands.map((send) => outcome(send()))), [
      '503 unconfirmed',
      '503 unconfirmed',
    ]);
    await restart(followers);
    // Sent again, and again after an answer that was lost.
    const answers = await Promise.all(commands.map(acknowledged));
    assert.deepEqual(await Promise.all(commands.map((send) => outcome(send()))), answers);
    for (const answer of answers) assert.match(answer, /^20[01]$/);

    // Whether their order is the same on both is up to NATS, and not with 2.9: docs/cluster.md.
    for (const at of [ada, there]) {
      const history = await at.get(`/rooms/${ROOM}/messages`, { Accept: 'application/json' });
      const { messages } = (await history.json()) as { readonly messages: readonly Shown[] };
      assert.equal(messages.filter(({ action }) => action === 'user-banned').length, 1);
      assert.equal(messages.filter(({ type }) => type === 'poll').length, 1);
      assert.equal(await outcome(guest.at(at.port).postMessage(ROOM, 'again')), '403 banned');
    }
  });
});
