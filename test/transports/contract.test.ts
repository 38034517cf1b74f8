import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bodies, join } from '../support/client.ts';
import { type Listener, post, transports } from '../support/listeners.ts';
import { openApp, suiteApp } from '../support/server.ts';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `${from + n}`);

/** One contract for all transports: they differ only on the wire. */
for (const transport of transports) {
  suite(`Over ${transport.name}`, () => {
    const app = suiteApp();

    test('a client gets the history, and then the changes in order', async (t) => {
      const { port, room } = app.newRoom();
      for (const n of numbers(1, 3)) await post(port, room, n);
      const listener = await (await transport.listen(t, port, room)).untilLive();
      assert.deepEqual(listener.bodies, numbers(1, 3));
      const seqs = listener.received.flatMap((change) => ('seq' in change ? [change.seq] : []));
      const live = listener.received.find(({ kind }) => kind === 'live');
      assert.ok(live?.kind === 'live');
      assert.match(live.cursor, new RegExp(`^[0-9a-f]{12}\\.${seqs.at(-1)}$`));
      for (const n of numbers(4, 6)) await post(port, room, n);
      await listener.until(() => listener.bodies.length >= 6);
      assert.deepEqual(listener.bodies, numbers(1, 6));
      assert.equal(listener.isReset, false);
    });

    test('many messages from many senders arrive exactly once and in order', async (t) => {
      const { port, room } = app.newRoom();
      const other = await join(t, port, `/chat?room=${room}`);
      const listener = await (await transport.listen(t, port, room)).untilLive();
      const senders = await Promise.all(
        [1, 2, 3, 4].map(() => join(t, port, `/chat?room=${room}`)),
      );
      for (let n = 0; n < 240; n += 1)
        for (const [s, sender] of senders.entries()) sender.post(`${s} ${n}`);
      await listener.until(() => listener.bodies.length >= 960);
      assert.deepEqual(listener.bodies, bodies(await other.waitForFrames(961)));
    });

    test('a client that reconnects gets what it missed, each time the same', async (t) => {
      const { port, room } = app.newRoom();
      await post(port, room, '1');
      const before = await (await transport.listen(t, port, room)).untilLive();
      const { cursor } = before;
      before.stop();
      for (const n of numbers(2, 4)) await post(port, room, n);
      // As after a lost response: the same cursor gets the same changes.
      for (let times = 0; times < 2; times += 1) {
        const after = await transport.listen(t, port, room, cursor);
        await after.until(() => after.bodies.length >= 3);
        assert.deepEqual(after.bodies, numbers(2, 4));
        assert.equal(after.isReset, false);
        after.stop();
      }
    });

    test('a long absence is caught up completely, in as many chunks as needed', async (t) => {
      const { port, room } = app.newRoom();
      const { cursor } = await (await transport.listen(t, port, room)).untilLive();
      const sender = await join(t, port, `/chat?room=${room}`);
      const texts = numbers(1, 900).map((n) => `${n} ${'x'.repeat(500)}`);
      for (const text of texts) sender.post(text);
      await sender.waitForFrames(901);
      const after = await transport.listen(t, port, room, cursor);
      await after.until(() => after.bodies.length >= 900);
      assert.deepEqual(after.bodies, texts);
      assert.equal(after.isReset, false);
    });

    for (const [what, cursor] of [
      ['of another log', '0123456789ab.0'],
      ['ahead of the log', 'EPOCH.999999'],
      ['from too long ago', 'EPOCH.0'],
    ] as const) {
      test(`a cursor ${what} gets a reset and the latest history`, async (t) => {
        const { port, room } = app.newRoom();
        const sender = await join(t, port, `/chat?room=${room}`);
        const count = cursor === 'EPOCH.0' ? 1_001 : 3;
        for (const n of numbers(1, count)) sender.post(n);
        await sender.waitForFrames(count + 1);
        const [epoch = ''] = (
          await (await transport.listen(t, port, room)).untilLive()
        ).cursor.split('.');
        const after = cursor.replace('EPOCH', epoch);
        const listener = await (await transport.listen(t, port, room, after)).untilLive();
        assert.deepEqual(listener.received[0], { kind: 'reset' });
        assert.deepEqual(listener.bodies, numbers(Math.max(1, count - 99), count));
        await post(port, room, 'and on');
        await listener.until(() => listener.bodies.at(-1) === 'and on');
      });
    }

    for (const cursor of ['12', 'abc', 'abc.', '.1', 'abc.1x', 'abc.-1', 'ABC.1', 'a'.repeat(99)]) {
      test(`the invalid cursor ${cursor.slice(0, 9)} is a 400`, async (t) => {
        const { port, room } = app.newRoom();
        await assert.rejects(transport.listen(t, port, room, cursor), /400/);
      });
    }

    test('an invalid room name is not found: 404', async (t) => {
      const { port } = app;
      for (const name of ['a%20b', '%ff', '%00', 'x'.repeat(41)]) {
        await assert.rejects(transport.listen(t, port, name), /404/);
      }
    });

    test('a room does not receive the messages of another', async (t) => {
      const { port, room } = app.newRoom();
      const here = await (await transport.listen(t, port, room)).untilLive();
      const there = await (await transport.listen(t, port, encodeURIComponent('那边'))).untilLive();
      await post(port, room, 'to here');
      await post(port, encodeURIComponent('那边'), 'to there');
      await Promise.all(
        [here, there].map((client) => client.until(() => client.bodies.length > 0)),
      );
      assert.deepEqual([here.bodies, there.bodies], [['to here'], ['to there']]);
    });

    test('a server that shuts down disconnects everyone, after sending what was posted before', async (t) => {
      const { port, close } = await openApp(t, {}, { shutdownTimeoutMs: 5_000 });
      const listeners: Listener[] = [];
      for (let n = 0; n < 20; n += 1)
        listeners.push(await (await transport.listen(t, port, 'lobby')).untilLive());
      const last = post(port, 'lobby', 'the last');
      await Promise.all(listeners.map((client) => client.until(() => client.bodies.length > 0)));
      for (const listener of listeners) if (!transport.isStream) listener.stop();
      assert.equal((await last).status, 201);
      await close();
    });
  });
}
