import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { bodies, join } from '../support/client.ts';
import { readEvents } from '../support/listeners.ts';
import { parseMember, Watcher } from '../support/presence-watcher.ts';
import { openApp } from '../support/server.ts';
import { createGuest, outcome, signIn, TestUser } from '../support/test-user.ts';
import { OPCODE, RawClient } from '../support/wire.ts';

const transports = (['html', 'json'] as const).flatMap((type) => [
  {
    name: `WebSocket, ${type}`,
    async watch(t: TestContext, port: number): Promise<Watcher> {
      const watcher = new Watcher();
      const client = await join(t, port, '/rooms/room/live', { protocols: [type] });
      for (const text of client.ephemeralFrames) watcher.take(text);
      client.ws.on('message', (data) => watcher.take(data.toString()));
      return watcher;
    },
  },
  {
    name: `server-sent events, ${type}`,
    async watch(t: TestContext, port: number): Promise<Watcher> {
      const watcher = new Watcher();
      const stop = new AbortController();
      t.after(() => stop.abort());
      const headers = { Accept: type === 'html' ? 'text/html' : 'application/json' };
      const url = `http://127.0.0.1:${port}/rooms/room/events`;
      const response = await fetch(url, { headers, signal: stop.signal });
      readEvents(response, (text) => watcher.take(text)).catch(() => {});
      return watcher;
    },
  },
]);

const [socket] = transports;

async function watch(t: TestContext, port: number): Promise<Watcher> {
  assert.ok(socket);
  return socket.watch(t, port);
}

for (const transport of transports) {
  suite(`Over ${transport.name}`, () => {
    test('all receive who joins, whether they are away, and that they type', async (t) => {
      const { port } = await openApp(t);
      const watcher = await transport.watch(t, port);
      const ada = await signIn(port, 'Ada');
      const client = await ada.live(t, 'room');
      const ben = await createGuest(port);
      await ben.live(t, 'room');
      const shown = () => watcher.people.get(ada.uid);
      await watcher.sees(() => watcher.people.has(ada.uid) && watcher.people.has(ben.uid));
      assert.equal(watcher.people.get(ada.uid)?.name, 'Ada');
      assert.equal(watcher.people.get(ben.uid)?.name, null);
      client.send('{"type":"presence","isAway":true}');
      await watcher.sees(() => shown()?.state === 'away');
      client.send('{"type":"presence"}');
      await watcher.sees(() => shown()?.state === 'online');
      client.send('{"type":"typing"}');
      await watcher.sees(() => shown()?.isTyping === true);
      client.post('that was it');
      await watcher.sees(() => shown()?.isTyping === false);
      assert.equal(watcher.count, watcher.people.size);
    });

    test('a new client receives the whole list', async (t) => {
      const { port } = await openApp(t);
      const ada = await signIn(port, 'Ada');
      const ben = await signIn(port, 'Ben');
      const client = await ada.live(t, 'room');
      await ben.live(t, 'room');
      await client.untilEphemeral((frames) =>
        frames.some((text) => parseMember(text)?.name === 'Ben'),
      );
      const late = await transport.watch(t, port);
      await late.sees(({ count }) => count > 0);
      for (const uid of [ada.uid, ben.uid]) assert.ok(late.people.has(uid));
    });
  });
}

suite('Presence', () => {
  test('has a user in two tabs once, and still when one is closed', async (t) => {
    const { port } = await openApp(t);
    const watcher = await watch(t, port);
    const ada = await signIn(port, 'Ada');
    const tabs = [await ada.live(t, 'room'), await ada.live(t, 'room')];
    await watcher.sees(({ people }) => people.has(ada.uid));
    assert.equal(watcher.count, 2, 'Ada and the watcher');
    tabs[0]?.ws.close();
    await tabs[0]?.closed;
    const received = watcher.texts.length;
    const ben = await signIn(port, 'Ben');
    await ben.live(t, 'room');
    await watcher.sees(({ people }) => people.has(ben.uid));
    const news = watcher.texts.slice(received).map((text) => parseMember(text)?.uid);
    assert.ok(!news.includes(ada.uid));
    assert.equal(watcher.count, 3);
  });

  test('does not change by a reload, and no update is sent for it', async (t) => {
    const { port } = await openApp(t, {}, { presenceGraceMs: 5_000 });
    const watcher = await watch(t, port);
    const ada = await signIn(port, 'Ada');
    const client = await ada.live(t, 'room');
    await watcher.sees(({ people }) => people.has(ada.uid));
    const received = watcher.texts.length;
    client.ws.close();
    await client.closed;
    // While she is gone, an update is sent.
    const ben = await signIn(port, 'Ben');
    const other = await ben.live(t, 'room');
    await watcher.sees(({ people }) => people.has(ben.uid));
    await ada.live(t, 'room');
    other.send('{"type":"typing"}');
    await watcher.sees(({ people }) => people.get(ben.uid)?.isTyping === true);
    // His typing ends when her grace period would have.
    await watcher.sees(({ people }) => people.get(ben.uid)?.isTyping === false);
    const uids = watcher.texts.slice(received).flatMap((text) => parseMember(text)?.uid ?? []);
    assert.deepEqual([...new Set(uids)], [ben.uid]);
  });

  test('has no user who is gone, nor one whose connection is half open', async (t) => {
    const { port } = await openApp(t, {}, { pingIntervalMs: 1_000 });
    const watcher = await watch(t, port);
    const ada = await signIn(port, 'Ada');
    const client = await ada.live(t, 'room');
    // It answers no ping, like a sleeping machine.
    const asleep = await RawClient.open(t, port, '/rooms/room/live', {
      'Sec-WebSocket-Protocol': 'json',
    });
    await asleep.head();
    const { uid } = JSON.parse(await asleep.text());
    await watcher.sees(({ people }) => people.has(ada.uid) && people.has(uid));
    client.ws.terminate();
    await watcher.sees(({ people }) => !people.has(ada.uid) && !people.has(uid));
    assert.equal(watcher.count, 1);
  });

  test('can be reported over HTTP, and requested', async (t) => {
    const { port } = await openApp(t);
    const watcher = await watch(t, port);
    const ada = await signIn(port, 'Ada');
    const ben = await createGuest(port);
    const form = await ada.submit('/rooms/room/commands', { type: 'presence' });
    assert.equal(form.status, 303);
    assert.equal(await outcome(ben.command('room', { type: 'presence', isAway: true })), '200');
    await watcher.sees(({ people }) => people.has(ada.uid) && people.has(ben.uid));
    assert.equal(watcher.people.get(ben.uid)?.state, 'away');
    assert.equal(await outcome(ada.command('room', { type: 'typing' })), '200');
    await watcher.sees(({ people }) => people.get(ada.uid)?.isTyping === true);

    const json = { Accept: 'application/json' };
    const answer = await ada.get('/rooms/room/presence', json);
    const requested = new Watcher();
    for (const each of (await answer.json()) as object[]) requested.take(JSON.stringify(each));
    assert.deepEqual(requested.people, watcher.people);
    assert.equal(requested.count, 3);
    const page = await (await ada.get('/rooms/room/presence')).text();
    const items = page.match(/<li .*?<\/li>|<div .*?<\/div>/gs) ?? [];
    const read = new Watcher();
    for (const item of items) read.take(item);
    assert.deepEqual(read.people, requested.people);
    assert.equal(read.count, 3);
  });

  test('over HTTP makes a client without an identity a guest with its first report', async (t) => {
    const { port } = await openApp(t);
    const watcher = await watch(t, port);
    const answer = await new TestUser(port, '', {}).command('room', { type: 'presence' });
    const { guest } = (await answer.json()) as { guest: { uid: string; token: string } };
    await watcher.sees(({ people }) => people.has(guest.uid));
    const again = new TestUser(port, guest.uid, { Authorization: `Bearer ${guest.token}` });
    assert.equal(await outcome(again.command('room', { type: 'presence', isAway: true })), '200');
    await watcher.sees(({ people }) => people.get(guest.uid)?.state === 'away');
    assert.equal(watcher.count, 2);
  });
});

suite('Presence is ephemeral', () => {
  test('and neither in the history nor moves a cursor', async (t) => {
    const { port } = await openApp(t);
    const ada = await signIn(port, 'Ada');
    await ada.postMessage('room', 'hello');
    // It includes the cursor of when it was read, too.
    const read = async () =>
      (await (await ada.get('/rooms/room/messages')).text()).replace(/ data-at="\d+"/, '');
    const before = await read();
    const watcher = await watch(t, port);
    const client = await ada.live(t, 'room');
    client.send('{"type":"typing"}');
    await watcher.sees(({ people }) => people.get(ada.uid)?.isTyping === true);
    assert.equal(await read(), before);
    await client.until((frames) => frames.some((frame) => frame.includes('"synced"')));
    const [, cursor] = /data-cursor="([^"]+)"/.exec(before) ?? [];
    const live = client.frames.filter((frame) => frame.includes('"synced"'));
    assert.ok(cursor && live.every((frame) => frame.includes(cursor)));
  });

  test("and is not sent to Tornado's clients, nor wakes a long poll", async (t) => {
    const { port } = await openApp(t);
    const ada = await signIn(port, 'Ada');
    const chat = await RawClient.open(t, port, '/chat?room=room');
    await chat.head();
    assert.match(await chat.text(), /^[\da-f-]{36}$/);
    const json = { Accept: 'application/json' };
    const first = await (await ada.get('/rooms/room/messages', json)).json();
    const { cursor } = first as { cursor: string };
    const held = ada.get(`/rooms/room/messages?after=${cursor}&wait=60`, json);
    const watcher = await watch(t, port);
    const client = await ada.live(t, 'room');
    client.send('{"type":"typing"}');
    await watcher.sees(({ people }) => people.get(ada.uid)?.isTyping === true);
    client.send('{"type":"presence","isAway":true}');
    await watcher.sees(({ people }) => people.get(ada.uid)?.state === 'away');
    client.post('hello');
    const { messages } = (await (await held).json()) as { messages: { body: string }[] };
    assert.deepEqual(
      messages.map(({ body }) => body),
      ['hello'],
    );
    const frame = await chat.frame();
    assert.equal(frame.opcode, OPCODE.text);
    assert.deepEqual(bodies([frame.payload.toString()]), ['hello']);
  });
});

suite('In a room with a thousand users', () => {
  test('a new client receives their number, and 200 of them, in less than 100 KiB', async (t) => {
    const { port } = await openApp(t);
    const watcher = await watch(t, port);
    const nobody = new TestUser(port, '', {});
    for (let n = 0; n < 1_000; n += 50) {
      const some = Array.from({ length: 50 }, () =>
        outcome(nobody.command('room', { type: 'presence' })),
      );
      assert.deepEqual(new Set(await Promise.all(some)), new Set(['200']));
    }
    await watcher.sees(({ count }) => count === 1_001);
    const late = await RawClient.open(t, port, '/rooms/room/live', {
      'Sec-WebSocket-Protocol': 'html',
    });
    await late.head();
    const shown = new Watcher();
    let bytes = 0;
    let text = '';
    while (!text.startsWith('<div id="synced"')) {
      const { payload } = await late.frame();
      text = payload.toString();
      bytes += payload.length;
      shown.take(text);
    }
    assert.ok(bytes < 100 * 1024, `${bytes} bytes`);
    assert.deepEqual([shown.people.size, shown.count], [200, 1_001]);
  });
});
