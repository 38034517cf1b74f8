import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from '../../support/client.ts';
import { openOneNats, SECRET } from '../../support/cluster.ts';
import { Watcher } from '../../support/presence-watcher.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { createGuest } from '../../support/test-user.ts';

/** Two nodes of a cluster. */
async function openNodes(t: TestContext) {
  const { urls, scope } = await openOneNats(t);
  const open = () =>
    openApp(scope, { data: temporaryFolder(scope), cluster: urls, secret: SECRET });
  return { one: await open(), two: await open() };
}

async function watch(t: TestContext, port: number): Promise<Watcher> {
  const watcher = new Watcher();
  const client = await join(t, port, '/rooms/room/live', { protocols: ['json'] });
  for (const text of client.ephemeralFrames) watcher.take(text);
  client.ws.on('message', (data) => watcher.take(data.toString()));
  return watcher;
}

suite('On two nodes', { timeout: 240_000 }, () => {
  test('all see who is in a room, once, and that they type until their message is there', async (t) => {
    const { one, two } = await openNodes(t);
    const watchers = [await watch(t, one.port), await watch(t, two.port)];
    const ada = await createGuest(one.port);
    const elsewhere = ada.at(two.port);
    const tabs = [await ada.live(t, 'room'), await elsewhere.live(t, 'room')];
    for (const watcher of watchers) {
      await watcher.sees(({ people, count }) => people.has(ada.uid) && count === 3);
    }
    tabs[0]?.send('{"type":"typing"}');
    for (const watcher of watchers)
      await watcher.sees(({ people }) => people.get(ada.uid)?.isTyping === true);
    // From the other node: both stop showing it where they apply the message.
    assert.ok((await elsewhere.postMessage('room', 'so')).ok);
    for (const watcher of watchers)
      await watcher.sees(({ people }) => people.get(ada.uid)?.isTyping === false);
    tabs[0]?.ws.close();
    await tabs[0]?.closed;
    const ben = await createGuest(one.port);
    await ben.live(t, 'room');
    for (const watcher of watchers) {
      await watcher.sees(({ people }) => people.has(ben.uid));
      assert.ok(watcher.people.has(ada.uid), 'she is still on the second node');
    }
    tabs[1]?.ws.close();
    for (const watcher of watchers) {
      await watcher.sees(({ people, count }) => !people.has(ada.uid) && count === 3);
    }
  });

  test('a client that joins gets the users of both, and the list of rooms counts them', async (t) => {
    const { one, two } = await openNodes(t);
    const ada = await createGuest(one.port);
    await ada.postMessage('room', 'hello');
    await ada.live(t, 'room');
    const online = async () => {
      const list = await fetch(`${two.url}/rooms`, { headers: { Accept: 'application/json' } });
      const { rooms } = (await list.json()) as { rooms: { name: string; people: number }[] };
      return rooms.find(({ name }) => name === 'room')?.people;
    };
    while ((await online()) !== 1) await wait(20);
    const ben = await createGuest(two.port);
    await ben.live(t, 'room');
    while ((await online()) !== 2) await wait(20);
    const late = await watch(t, two.port);
    await late.sees(({ people }) => people.has(ada.uid) && people.has(ben.uid));
  });

  test('the live reactions of an audience are added up for all, once', async (t) => {
    const { one, two } = await openNodes(t);
    const [ada, ben] = [await createGuest(one.port), await createGuest(two.port)];
    const clients = [await ada.live(t, 'room'), await ben.live(t, 'room')];
    const claps = (frames: readonly string[]) =>
      frames
        .filter((frame) => frame.startsWith('{"type":"live-reactions"'))
        .reduce((sum, frame) => sum + JSON.parse(frame).counts['👏'], 0);
    const clap = (who: typeof ada, count: number) =>
      who.command('room', { type: 'send-reactions', emoji: '👏', count });
    await Promise.all([clap(ada, 3), clap(ben, 2)]);
    await Promise.all(clients.map((client) => client.untilEphemeral((all) => claps(all) >= 5)));
    await Promise.all([clap(ada, 1), clap(ben, 1)]);
    await Promise.all(clients.map((client) => client.untilEphemeral((all) => claps(all) >= 7)));
    assert.deepEqual(
      clients.map((client) => claps(client.ephemeralFrames)),
      [7, 7],
    );
  });
});
