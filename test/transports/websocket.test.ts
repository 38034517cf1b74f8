import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bodies, isMessage, join, parseFragment } from '../support/client.ts';
import { openApp, temporaryFolder } from '../support/server.ts';
import { clientFrame, OPCODE, RawClient, upgradeRequest } from '../support/wire.ts';

const lobby = '/rooms/lobby/live';
const html = { protocols: ['html'] };

interface Event {
  readonly type: string;
  readonly seq?: number;
}

/** What a signal of the stream carries, if it has been received. */
function signal(frames: readonly string[], name: string): Record<string, string> | undefined {
  const frame = frames.findLast((text) => text.startsWith(`<div id="${name}"`));
  if (!frame) return undefined;
  return Object.fromEntries([...frame.matchAll(/data-(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v]));
}

const isLive = (frames: readonly string[]) => signal(frames, 'synced') !== undefined;

suite('The live stream of a room', () => {
  test('welcomes a client, sends the history, and signals when it is live', async (t) => {
    const { port } = await openApp(t);
    const first = await join(t, port, lobby, html);
    first.post('before');
    await first.until((frames) => bodies(frames).length === 1);
    const second = await join(t, port, lobby, html);
    const frames = await second.until(isLive);
    assert.deepEqual(
      frames.map((frame) => /^<\w+ [^>]*?\bid="([\w-]+)"/.exec(frame)?.[1]),
      ['welcome', 'm-1', 'synced'],
    );
    assert.match(signal(frames, 'synced')?.cursor ?? '', /^[0-9a-f]{12}\.1$/);
    assert.equal(second.ws.protocol, 'html');
  });

  test('sends a client that reconnects what it missed, once', async (t) => {
    const { port } = await openApp(t);
    const sender = await join(t, port, lobby, html);
    sender.post('one');
    await sender.until((frames) => bodies(frames).length === 1);
    const before = await join(t, port, lobby, html);
    const { cursor } = signal(await before.until(isLive), 'synced') ?? {};
    before.ws.close();
    for (const word of ['two', 'three']) sender.post(word);
    await sender.until((frames) => bodies(frames).length === 3);
    const after = await join(t, port, `${lobby}?after=${cursor}`, html);
    const frames = await after.until(isLive);
    assert.deepEqual(bodies(frames), ['two', 'three']);
    assert.equal(signal(frames, 'reset'), undefined);
  });

  for (const [what, cursor] of [
    ['is of another log', '0123456789ab.0'],
    ['is ahead of the log', 'EPOCH.999'],
  ] as const) {
    test(`resets a client whose cursor ${what}`, async (t) => {
      const { port } = await openApp(t);
      const sender = await join(t, port, lobby, html);
      sender.post('one');
      const received = await sender.until(
        (frames) => bodies(frames).length === 1 && isLive(frames),
      );
      const epoch = signal(received, 'synced')?.cursor?.split('.')[0] ?? '';
      const path = `${lobby}?after=${cursor.replace('EPOCH', epoch)}`;
      const client = await join(t, port, path, html);
      const frames = await client.until(isLive);
      const positions = ['id="reset"', 'id="m-1"', 'id="synced"'].map((id) =>
        frames.findIndex((frame) => frame.includes(id)),
      );
      assert.deepEqual(positions, [1, 2, 3]);
    });
  }

  test('resets a client that missed more than is worth sending', async (t) => {
    const { port } = await openApp(t);
    const sender = await join(t, port, lobby, html);
    const { cursor } = signal(await sender.until(isLive), 'synced') ?? {};
    for (let n = 1; n <= 1_001; n += 1) sender.post(`message ${n}`);
    await sender.until((frames) => bodies(frames).length === 1_001);
    const late = await join(t, port, `${lobby}?after=${cursor}`, html);
    const frames = await late.until(isLive);
    assert.ok(signal(frames, 'reset'));
    assert.equal(bodies(frames).length, 100, 'and shows the history instead');
    assert.equal(bodies(frames).at(-1), 'message 1001');

    const [, second = ''] = sender.frames.filter(isMessage).map((f) => `${parseFragment(f).seq}`);
    const inTime = await join(t, port, `${lobby}?after=${cursor?.replace(/\d+$/, second)}`, html);
    const missed = await inTime.until(isLive);
    assert.equal(signal(missed, 'reset'), undefined);
    assert.equal(bodies(missed).length, 999, 'all of it is sent');
  });

  test('sends events as JSON to programs', async (t) => {
    const { port } = await openApp(t);
    const client = await join(t, port, lobby, { protocols: ['json'] });
    assert.equal(client.ws.protocol, 'json');
    client.post('hello', 'my-1');
    client.send('nonsense');
    const events = (await client.waitForFrames(4)).map((frame) => JSON.parse(frame));
    const [welcome, live] = events;
    assert.equal(welcome.type, 'welcome');
    assert.equal(live.type, 'synced');
    const message = events.find(({ type }) => type === 'message');
    assert.deepEqual(message, {
      type: 'message',
      id: 1,
      seq: 1,
      room: 'lobby',
      uid: welcome.uid,
      name: null,
      cid: 'my-1',
      body: 'hello',
      at: message.at,
      edited: null,
      reply: null,
      reactions: [],
    });
    assert.ok(Math.abs(Date.parse(message.at) - Date.now()) < 60_000);
    const error = events.find(({ type }) => type === 'error');
    assert.equal(error.code, 'not-json');
    assert.equal(error.text, 'Invalid JSON.');
  });

  test('recognizes a guest by the token, and rejects a forged one', async (t) => {
    const { port } = await openApp(t);
    const first = signal(await (await join(t, port, lobby, html)).until(isLive), 'welcome');
    const again = async (token: string) => {
      const client = await join(t, port, lobby, { protocols: ['html', `token.${token}`] });
      return signal(await client.until(isLive), 'welcome')?.uid;
    };
    const { uid = '', token = '' } = first ?? {};
    assert.equal(await again(token), uid);
    assert.notEqual(await again(`${uid}.${'A'.repeat(43)}`), uid);
    assert.notEqual(await again(token.replace(/^./, (c) => (c === 'a' ? 'b' : 'a'))), uid);
    assert.notEqual(await again('nonsense'), uid);
  });

  test('keeps the guest, the room and the log over a restart', async (t) => {
    const data = temporaryFolder(t);
    const first = await openApp(t, { data });
    const client = await join(t, first.port, lobby, html);
    client.post('stored');
    const frames = await client.until((all) => bodies(all).length === 1 && isLive(all));
    const { uid, token } = signal(frames, 'welcome') ?? {};
    const { cursor = '' } = signal(frames, 'synced') ?? {};
    await first.close();

    const two = await openApp(t, { data });
    const protocols = ['html', `token.${token}`];
    const back = await join(t, two.port, `${lobby}?after=${cursor}`, { protocols });
    const after = await back.until(isLive);
    assert.equal(signal(after, 'welcome')?.uid, uid);
    assert.equal(signal(after, 'reset'), undefined);
    assert.deepEqual(bodies(after), cursor.endsWith('.1') ? [] : ['stored']);
  });

  test('sends everyone the same messages in the same order', async (t) => {
    const { port } = await openApp(t);
    const senders = await Promise.all(Array.from({ length: 10 }, () => join(t, port, lobby, html)));
    const tornado = await join(t, port, '/chat');
    const program = await join(t, port, lobby, { protocols: ['json'] });
    const all = 2_000;
    senders.forEach((sender, s) => {
      for (let n = 0; n < all / senders.length; n += 1) sender.post(`${s} ${n}`);
    });
    const orders = await Promise.all([
      ...[...senders, tornado].map(async (client) =>
        bodies(await client.until((frames) => frames.filter(isMessage).length === all)),
      ),
      program
        .until((frames) => frames.length >= all + 2)
        .then((frames) => frames.map((frame) => JSON.parse(frame).body).filter(Boolean)),
    ]);
    const [first] = orders;
    assert.equal(new Set(first).size, all, 'each exactly once');
    for (const order of orders) assert.deepEqual(order, first);
    for (const s of senders.keys()) {
      const own = first?.filter((body) => body?.startsWith(`${s} `));
      assert.deepEqual(
        own,
        Array.from({ length: all / senders.length }, (_, n) => `${s} ${n}`),
      );
    }
  });

  test('sends a client that connects while others post every message exactly once', async (t) => {
    const { port } = await openApp(t);
    const sender = await join(t, port, lobby, html);
    const all = 2_000;
    const joining = [];
    for (let n = 0; n < all; n += 1) {
      sender.post(`${n}`);
      if (n % 100 === 0) joining.push(await join(t, port, lobby, html));
    }
    await sender.until((frames) => bodies(frames).length === all);
    for (const late of joining) {
      const received = bodies(await late.until((frames) => bodies(frames).at(-1) === `${all - 1}`));
      const first = Number(received[0]);
      assert.deepEqual(
        received,
        Array.from({ length: all - first }, (_, n) => `${first + n}`),
      );
    }
  });
});

suite('A message that is posted again with its client id', () => {
  /** The first text frames of a client that has just connected, up to a condition. */
  async function readUntil(client: RawClient, isLast: (event: Event) => boolean): Promise<Event[]> {
    const events: Event[] = [];
    do events.push(JSON.parse(await client.text()));
    while (!isLast(events.at(-1) as Event));
    return events;
  }

  test('is acknowledged independently of the stream, which stays in order while it catches up', async (t) => {
    const { port } = await openApp(t);
    const sender = await join(t, port, lobby, { protocols: ['json'] });
    const isCaughtUp = (frames: readonly string[]) =>
      frames.some((f) => f.includes('"type":"synced"'));
    const cursor = JSON.parse((await sender.until(isCaughtUp)).at(-1) ?? '').cursor;
    // More than the kernel's buffers hold: a client that does not read cannot catch up.
    const missed = 1_000;
    for (let n = 1; n < missed; n += 1) sender.post('x'.repeat(4_000));
    sender.post('mine', 'my-1');
    await sender.until((frames) => frames.some((frame) => frame.includes('"my-1"')));
    const [{ token }] = sender.frames.map((frame) => JSON.parse(frame));

    const { request } = upgradeRequest(port, `${lobby}?after=${cursor}`, {
      'Sec-WebSocket-Protocol': `json, token.${token}`,
    });
    const again = clientFrame(OPCODE.text, JSON.stringify({ message: 'mine', cid: 'my-1' }));
    const client = await RawClient.raw(t, port, request);
    client.socket.write(again);
    await client.head();
    const events = await readUntil(client, ({ type }) => type === 'synced');
    const seqs = events.flatMap(({ type, seq }) => (type === 'message' ? [seq] : []));
    assert.deepEqual(
      seqs,
      Array.from({ length: missed }, (_, n) => n + 1),
    );
    const acks = events.filter(({ type }) => type === 'ack');
    assert.deepEqual(acks, [{ type: 'ack', cid: 'my-1', id: missed }]);
  });

  test('is acknowledged to a live client, and not posted again', async (t) => {
    const { port } = await openApp(t);
    const client = await join(t, port, lobby, html);
    client.post('mine', 'my-1');
    await client.until((frames) => bodies(frames).length === 1);
    client.post('mine', 'my-1');
    const frames = await client.until((all) => signal(all, 'ack') !== undefined);
    assert.deepEqual(signal(frames, 'ack'), { cid: 'my-1', message: '1' });
    assert.deepEqual(bodies(frames), ['mine']);
  });
});
