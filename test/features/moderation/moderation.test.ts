import assert from 'node:assert/strict';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import type { Config } from '../../../server/config.ts';
import { DEFAULT_STAGE } from '../../../server/shared/stage.ts';
import { type Client, isMessage, join, rejectedUpgrade } from '../../support/client.ts';
import { type Listener, post, type Received, transports } from '../../support/listeners.ts';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';
import { OPCODE, RawClient } from '../../support/wire.ts';

const KEY = 'the key of the moderators';
const JSON_ONLY = { Accept: 'application/json' };

/** A server with a room that Ada has made. */
async function openRoom(t: TestContext, { how = {}, ...config }: Partial<Config> & Made = {}) {
  const { port } = await openApp(t, { trustProxy: 1, moderatorKey: KEY, ...config });
  const ada = await signIn(port, 'Ada');
  assert.equal(await outcome(ada.createRoom('room', how)), '201');
  return { port, ada };
}

interface Made {
  readonly how?: object;
}

/** The ephemeral room state, as a client requests it. */
async function settingsOf(guest: TestUser, room = 'room'): Promise<Record<string, unknown>> {
  const states = await (await guest.get(`/rooms/${room}/presence`, JSON_ONLY)).json();
  return (states as Record<string, unknown>[]).find(({ type }) => type === 'room-state') ?? {};
}

interface Answer {
  readonly reset: boolean;
  readonly messages: readonly {
    readonly type: string;
    readonly id: number;
    readonly action: string;
  }[];
  readonly cursor: string;
}

/** The response to polling now. */
async function poll(guest: TestUser, query = '', room = 'room'): Promise<Answer> {
  const answer = await guest.get(`/rooms/${room}/messages${query}`, JSON_ONLY);
  assert.equal(answer.status, 200);
  return (await answer.json()) as Answer;
}

/** Waits for the error with this client id on a JSON connection. */
async function errorFor(
  client: Client,
  cid: string | null = null,
): Promise<Record<string, unknown>> {
  const isError = (frame: string) => {
    const event = JSON.parse(frame);
    return event.type === 'error' && event.cid === cid;
  };
  return JSON.parse((await client.until((frames) => frames.some(isError))).find(isError) ?? '');
}

const systemMessages = (received: readonly Received[]) =>
  received.flatMap((event) => (event.kind === 'system' ? [event.text] : []));

/** Names are isolated from the direction of the text around them. */
const isolated = (text: string) => text.replace(/Ada|Ben|Cy/g, (name) => `\u2068${name}\u2069`);

/** Commands of moderators except clearing the history, their events and system messages. */
const COMMANDS: readonly (readonly [object, string, string])[] = [
  [
    { type: 'set-title', title: ' 生物课  7B ' },
    'title-changed',
    'Ada renamed this room to \u2068生物课 7B\u2069',
  ],
  [
    { type: 'set-topic', text: 'Fish' },
    'topic-changed',
    'Ada changed the topic to \u2068Fish\u2069',
  ],
  [{ type: 'set-topic', text: '' }, 'topic-changed', 'Ada removed the topic.'],
  [{ type: 'set-listed', enabled: true }, 'listing-changed', 'Ada listed this room publicly.'],
  [{ type: 'set-listed', enabled: false }, 'listing-changed', 'Ada unlisted this room.'],
  [{ type: 'set-password', password: 'sesame' }, 'password-changed', 'Ada set a room password.'],
  [{ type: 'set-password', password: '' }, 'password-changed', 'Ada removed the room password.'],
  [{ type: 'set-locked', enabled: true }, 'lock-changed', 'Ada locked this room.'],
  [{ type: 'set-locked', enabled: false }, 'lock-changed', 'Ada unlocked this room.'],
  [
    { type: 'set-name-required', enabled: true },
    'name-requirement-changed',
    'Ada required a name for posting and voting.',
  ],
  [
    { type: 'set-name-required', enabled: false },
    'name-requirement-changed',
    'Ada allowed posting and voting without a name.',
  ],
  [
    { type: 'set-slow-mode', seconds: 5 },
    'slow-mode-changed',
    'Ada turned on slow mode (5 s between messages).',
  ],
  [{ type: 'set-slow-mode', seconds: 0 }, 'slow-mode-changed', 'Ada turned off slow mode.'],
  [{ type: 'mute', uid: 'BEN', minutes: 10 }, 'user-muted', 'Ada muted Ben for 10 min.'],
  [{ type: 'mute', uid: 'BEN' }, 'user-muted', 'Ada muted Ben.'],
  [{ type: 'ban', uid: 'CY', minutes: 60 }, 'user-banned', 'Ada banned Cy for 60 min.'],
  [{ type: 'ban', uid: 'CY' }, 'user-banned', 'Ada banned Cy.'],
  [
    { type: 'lift-restrictions', uid: 'BEN' },
    'restrictions-lifted',
    'Ada lifted the restrictions on Ben.',
  ],
  [
    { type: 'transfer-ownership', uid: 'BEN' },
    'ownership-transferred',
    'Ada made Ben the owner of this room.',
  ],
];

function withUids(what: object, users: Readonly<Record<string, TestUser>>): object {
  return JSON.parse(JSON.stringify(what), (_, value) => users[value]?.uid ?? value);
}

/** As a form sends it. */
function formOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : '';
  return String(value);
}

for (const transport of transports) {
  const systemLine = (name: string, sentence: string) =>
    transport.type === 'json' ? name : isolated(sentence);

  suite(`Over ${transport.name}, the moderation of a room`, () => {
    test('reaches all waiters, those that reconnect, and new ones', async (t) => {
      const { port, ada } = await openRoom(t);
      const users = { BEN: await signIn(port, 'Ben'), CY: await signIn(port, 'Cy') };
      // Others are disconnected when the room gets a password.
      const live = await (
        await transport.listen(t, port, 'room', undefined, ada.headers)
      ).untilLive();
      const { cursor } = live;
      for (const [what] of COMMANDS) {
        assert.equal(await outcome(ada.command('room', withUids(what, users))), '200');
      }
      const expected = COMMANDS.map(([, name, sentence]) => systemLine(name, sentence));
      const receives = async (listener: Listener, count: number) =>
        systemMessages(
          (await listener.until(() => systemMessages(listener.received).length >= count)).received,
        );
      const made = systemLine('room-created', 'Ada created this room.');
      assert.deepEqual(await receives(live, expected.length + 1), [made, ...expected]);
      const back = await transport.listen(t, port, 'room', cursor);
      assert.deepEqual(await receives(back, expected.length), expected);
      assert.equal(back.isReset, false);
      const newcomer = await transport.listen(t, port, 'room');
      assert.deepEqual(await receives(newcomer, expected.length + 1), [made, ...expected]);
    });

    test('shows a deleted message as a tombstone to all', async (t) => {
      const { port, ada } = await openRoom(t);
      const live = await (await transport.listen(t, port, 'room')).untilLive();
      const { cursor } = live;
      for (const body of ['good', 'bad', 'fine']) await ada.postMessage('room', body);
      const { messages } = await poll(ada);
      const id = messages[2]?.id ?? 0;
      assert.equal(await outcome(ada.command('room', { type: 'delete', id })), '200');
      const isDeleted = ({ received }: Listener) => received.some(({ kind }) => kind === 'deleted');
      await live.until(() => isDeleted(live));
      const deleted = live.received.find(({ kind }) => kind === 'deleted');
      assert.deepEqual(deleted, { kind: 'deleted', id, seq: id + 2 });
      for (const after of [cursor, undefined, `${cursor.split('.')[0]}.${id + 1}`]) {
        const late = await transport.listen(t, port, 'room', after);
        await late.until(() => isDeleted(late));
        assert.ok(!late.bodies.includes('bad'));
        assert.equal(late.isReset, false);
      }
    });

    test('resets all clients when the history is cleared', async (t) => {
      const { port, ada } = await openRoom(t);
      const empty = await (await transport.listen(t, port, 'room')).untilLive();
      const first = empty.cursor;
      empty.stop();
      for (const body of ['one', 'two']) await ada.postMessage('room', body);
      const live = await (await transport.listen(t, port, 'room')).untilLive();
      const { cursor } = live;
      const before = live.received.length;
      assert.equal(await outcome(ada.command('room', { type: 'clear-history' })), '200');
      await ada.postMessage('room', 'three');
      await live.until(() => live.bodies.includes('three'));
      const cleared = systemLine('history-cleared', 'Ada cleared the history.');
      const textsOf = (received: readonly Received[]) =>
        received.flatMap((event) => {
          if (event.kind === 'live') return [];
          if (event.kind === 'system') return [event.text];
          return [event.kind === 'message' ? event.body : event.kind];
        });
      assert.deepEqual(textsOf(live.received.slice(before)), ['reset', cleared, 'three']);
      for (const after of [cursor, first, undefined]) {
        const late = await transport.listen(t, port, 'room', after);
        await late.until(() => late.bodies.includes('three'));
        const reset = after === undefined ? [] : ['reset'];
        assert.deepEqual(textsOf(late.received), [...reset, cleared, 'three'], `after ${after}`);
      }
      const since = live.cursor;
      await ada.postMessage('room', 'four');
      const last = await transport.listen(t, port, 'room', since);
      await last.until(() => last.bodies.includes('four'));
      assert.equal(last.isReset, false, 'what came after it can be resumed');
    });
  });
}

suite('Moderating a room', () => {
  test('shows system messages in the history, and on the page without scripts', async (t) => {
    const { ada } = await openRoom(t);
    await ada.command('room', { type: 'set-topic', text: 'Fish' });
    const { messages } = await poll(ada, '?before=99');
    assert.deepEqual(
      messages.map(({ type, action }) => [type, action]),
      [
        ['system', 'room-created'],
        ['system', 'topic-changed'],
      ],
    );
    for (const path of ['', '/plain', '/plain?before=99', '/messages?before=99']) {
      const page = await (await ada.get(`/rooms/room${path}`)).text();
      assert.ok(page.includes(isolated('Ada changed the topic to \u2068Fish\u2069')), path);
    }
  });

  test('does not claim to ban an address that is not known', async (t) => {
    const { ada } = await openRoom(t);
    const uid = '00000000-0000-4000-8000-000000000000';
    const answer = await ada.command('room', { type: 'ban', uid, minutes: 10, address: true });
    assert.equal(answer.status, 409);
    assert.equal((await answer.json()).error.code, 'address-unknown');
    assert.equal((await ada.command('room', { type: 'ban', uid, minutes: 10 })).status, 200);
  });

  test('reveals no password, no hash of one, and no address', async (t) => {
    const { port, ada } = await openRoom(t, { how: { password: 'sesame' } });
    const ben = await signIn(port, 'Ben', { address: '192.0.2.1' });
    const credentials = { Authorization: `Basic ${Buffer.from('sesame:').toString('base64')}` };
    const client = await join(t, port, '/rooms/room/live', {
      protocols: ['json'],
      headers: { ...ben.headers, ...credentials },
    });
    await ada.command('room', { type: 'set-password', password: 'open' });
    await ada.command('room', { type: 'mute', uid: ben.uid, minutes: 1, address: true });
    const { messages } = await poll(ada);
    const received = JSON.stringify([
      messages,
      await settingsOf(ada),
      client.frames,
      client.ephemeralFrames,
    ]);
    for (const secret of ['sesame', 'open', '$', '192.0.2.1']) {
      assert.ok(!received.includes(secret), secret);
    }
  });

  test('is also sent as ephemeral room state, to all who are online', async (t) => {
    const { port, ada } = await openRoom(t);
    const client = await (await createGuest(port)).live(t, 'room');
    await ada.command('room', { type: 'set-slow-mode', seconds: 5 });
    await ada.command('room', { type: 'set-topic', text: 'Fish' });
    await ada.postMessage('room', 'Read this');
    const { messages } = await poll(ada);
    const id = messages.at(-1)?.id;
    await ada.command('room', { type: 'pin', id });
    const settings = {
      title: 'room',
      topic: 'Fish',
      kind: 'chat',
      joinCode: (await settingsOf(ada)).joinCode,
      owner: ada.uid,
      isLocked: false,
      requiresName: false,
      slowModeSeconds: 5,
    };
    const expected = {
      ...settings,
      pollCreators: 'moderators',
      pinned: [id],
      stage: DEFAULT_STAGE,
      expiredId: 0,
      guestsMayWrite: true,
    };
    const room = JSON.stringify({ type: 'room-state', ...expected });
    await client.untilEphemeral((frames) => frames.includes(room));
    assert.deepEqual(await settingsOf(ada), { type: 'room-state', ...expected });
  });

  test('works by a form as well, which redirects back to its page', async (t) => {
    const { ada } = await openRoom(t);
    const answer = await ada.submit('/rooms/room/commands', { type: 'set-locked', enabled: 'on' });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/rooms/room/settings?done=set-locked');
    assert.equal((await settingsOf(ada)).isLocked, true);
    await ada.submit('/rooms/room/commands', { type: 'set-locked' });
    assert.equal((await settingsOf(ada)).isLocked, false);
  });

  const OTHERS = [{ type: 'clear-history' }, { type: 'delete', id: 3 }, { type: 'pin', id: 3 }];
  for (const what of [...COMMANDS.map(([command]) => command), ...OTHERS]) {
    test(`is only for moderators: ${JSON.stringify(what)}`, async (t) => {
      const { port, ada } = await openRoom(t);
      await ada.postMessage('room', 'hello');
      const users = { BEN: await signIn(port, 'Ben'), CY: await signIn(port, 'Cy') };
      const before = [await poll(ada), await settingsOf(ada)];
      const command = withUids(what, users);
      for (const guest of [users.BEN, await createGuest(port)]) {
        assert.equal(await outcome(guest.command('room', command)), '403 not-moderator');
        const fields = Object.entries(command).map(([name, value]) => [name, formOf(value)]);
        const form = await guest.submit('/rooms/room/commands', Object.fromEntries(fields));
        assert.equal(form.status, 403);
        const client = await guest.live(t, 'room');
        client.send(JSON.stringify(command));
        assert.equal((await errorFor(client)).code, 'not-moderator');
      }
      assert.deepEqual([await poll(ada), await settingsOf(ada)], before);
      assert.equal((await users.BEN.get('/rooms/room/settings')).status, 403);
    });
  }
});

suite('A message that a moderator deleted', () => {
  test('is in no byte that is sent afterwards', async (t) => {
    const { ada } = await openRoom(t);
    const first = await poll(ada);
    const text = 'the secret of the fish';
    for (const body of ['before', text, 'after']) await ada.postMessage('room', body);
    const { cursor, messages } = await poll(ada);
    const id = messages[2]?.id;
    await ada.command('room', { type: 'delete', id });
    let all = '';
    for (const path of [
      '',
      '/plain',
      '/plain?before=99',
      '/messages',
      `/messages?after=${first.cursor}`,
      `/messages?after=${cursor}`,
      '/messages?before=99',
    ]) {
      for (const headers of [{ Accept: 'text/html' }, JSON_ONLY]) {
        all += await (await ada.get(`/rooms/room${path}`, headers)).text();
      }
    }
    const connections = await Promise.all(
      ['/chat?room=room', '/rooms/room/live', `/rooms/room/live?after=${first.cursor}`].map(
        (path) => ada.join(t, path),
      ),
    );
    await ada.postMessage('room', 'the last');
    for (const client of connections) {
      const frames = await client.until((all) => all.some((frame) => frame.includes('the last')));
      all += frames.join('');
    }
    assert.ok(all.includes('This message was deleted.'));
    assert.ok(!all.includes('secret'), all);
    const [chat] = connections;
    assert.equal(chat?.frames.filter(isMessage).length, 3, 'to /chat it was never there');
  });

  test('is deleted once; anything else is not found', async (t) => {
    const { port, ada } = await openRoom(t);
    await ada.postMessage('room', 'bad', 'cid-1');
    await post(port, 'elsewhere', 'good');
    const [made, { id = 0 } = {}] = (await poll(ada)).messages;
    assert.equal(await outcome(ada.command('room', { type: 'delete', id })), '200');
    const { cursor } = await poll(ada);
    assert.equal(await outcome(ada.command('room', { type: 'delete', id })), '200');
    assert.equal((await poll(ada)).cursor, cursor);
    for (const other of [made?.id, id + 2, 99]) {
      const answer = await outcome(ada.command('room', { type: 'delete', id: other }));
      assert.equal(answer, '404 no-such-message', `${other}`);
    }
    assert.equal(
      await outcome(ada.postMessage('room', 'bad', 'cid-1')),
      '200',
      'a retry is confirmed',
    );
    assert.equal((await poll(ada)).cursor, cursor);
  });

  test('leaves a new client with the same messages as the page', async (t) => {
    const { port, ada } = await openRoom(t);
    const sender = await ada.live(t, 'room');
    for (let n = 0; n < 150; n += 1) sender.post(`${n}`);
    const posts = (frames: readonly string[]) => frames.filter((f) => f.includes('"message"'));
    await sender.until((frames) => posts(frames).length === 150);
    await ada.command('room', { type: 'delete', id: 10 });
    await ada.command('room', { type: 'delete', id: 100 });
    const { messages } = await poll(ada);
    assert.equal(messages.length, 100);
    for (const transport of transports) {
      const listener = await (await transport.listen(t, port, 'room')).untilLive();
      const ids = listener.received.flatMap((event) => ('id' in event ? [event.id] : []));
      assert.deepEqual(
        ids.sort((a, b) => a - b),
        messages.map(({ id }) => id),
        transport.name,
      );
      listener.stop();
    }
  });
});

suite('A muted user', () => {
  test('can read, and not write: by WebSocket, by request, or by form', async (t) => {
    const { port, ada } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    const client = await ben.live(t, 'room');
    await ada.command('room', { type: 'mute', uid: ben.uid, minutes: 10 });
    client.post('hello?', 'mine');
    assert.equal((await errorFor(client, 'mine')).code, 'muted');
    assert.equal(await outcome(ben.postMessage('room', 'hello?')), '403 muted');
    const form = await ben.submit('/rooms/room/messages', { message: 'my draft' });
    assert.equal(form.status, 403);
    assert.ok((await form.text()).includes('my draft'), 'the text is not lost');
    const chat = await ben.join(t, '/chat?room=room');
    chat.post('hello?');
    await chat.until((frames) => frames.some((frame) => frame.includes('data-code="muted"')));
    await ada.postMessage('room', 'read this');
    await client.until((frames) => frames.some((frame) => frame.includes('read this')));
    assert.equal(await outcome(ben.postMessage('elsewhere', 'hello')), '201', 'in this room alone');
    await ada.command('room', { type: 'lift-restrictions', uid: ben.uid });
    assert.equal(await outcome(ben.postMessage('room', 'thanks')), '201');
  });

  test('stays muted by their address under any name', async (t) => {
    const { port, ada } = await openRoom(t);
    const [address, other] = ['192.0.2.1', '192.0.2.2'] as const;
    const ben = await signIn(port, 'Ben', { address });
    await ben.live(t, 'room');
    await ada.command('room', { type: 'mute', uid: ben.uid, minutes: 10, address: true });
    assert.equal(
      await outcome((await createGuest(port, { address })).postMessage('room', 'a')),
      '403 muted',
    );
    assert.equal(
      await outcome((await createGuest(port, { address: other })).postMessage('room', 'a')),
      '201',
    );
  });
});

/** Every path of a room that can be read. */
const READ_PATHS = [
  '',
  '/plain',
  '/messages',
  '/messages?before=9',
  '/messages?after=a.1&wait=20',
  '/events',
  '/presence',
  '/unread?after=0',
  '/settings',
];

async function assertBanned(guest: TestUser): Promise<void> {
  const room = '/rooms/room';
  for (const path of READ_PATHS) {
    assert.equal(await outcome(guest.get(room + path, JSON_ONLY)), '403 banned', path);
  }
  assert.equal(await outcome(guest.postMessage('room', 'hello')), '403 banned');
  assert.equal((await guest.submit(`${room}/messages`, { message: 'hello' })).status, 403);
  assert.equal(await outcome(guest.command('room', { type: 'presence' })), '403 banned');
  assert.equal(await outcome(guest.command('room', { type: 'typing' })), '403 banned');
  for (const path of [`${room}/live`, '/chat?room=room']) {
    assert.equal((await rejectedUpgrade(guest.port, path, guest.headers)).status, 403, path);
  }
}

/** Connections of a user over every transport, and the cursor that they started from. */
async function connectAll(t: TestContext, guest: TestUser) {
  const live = await guest.live(t, 'room');
  const chat = await guest.join(t, '/chat?room=room');
  const stream = await guest.get('/rooms/room/events');
  const { cursor } = await poll(guest);
  const held = guest.get(`/rooms/room/messages?after=${cursor}&wait=60`, JSON_ONLY);
  return { live, chat, stream, held, cursor };
}

suite('A banned user', () => {
  test("is disconnected at once, over every transport, and can't return", async (t) => {
    const { port, ada } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    const { live, chat, stream, held, cursor } = await connectAll(t, ben);
    const other = await (await signIn(port, 'Cy')).live(t, 'room');
    await ada.command('room', { type: 'ban', uid: ben.uid, minutes: 10 });
    await ada.postMessage('room', 'he is gone');
    assert.deepEqual([await live.closed, await chat.closed], [1008, 1008]);
    assert.equal((await errorFor(live)).code, 'banned');
    assert.match(chat.frames.at(-1) ?? '', /data-code="banned"/);
    const answer = await (await held).json();
    assert.deepEqual(answer, { reset: false, messages: [], cursor });
    const received = `${await stream.text()}${live.frames}${chat.frames}`;
    assert.ok(!received.includes('he is gone'));
    await other.until((frames) => frames.some((frame) => frame.includes('he is gone')));
    await assertBanned(ben);
    assert.equal((await ben.get('/rooms/elsewhere')).status, 200, 'other rooms are open');
    await ada.command('room', { type: 'lift-restrictions', uid: ben.uid });
    assert.equal((await ben.get('/rooms/room')).status, 200);
    assert.equal(await outcome(ben.postMessage('room', 'I am back')), '201');
  });

  test('is banned with all users at their address, where that is included', async (t) => {
    const { port, ada } = await openRoom(t);
    const address = '192.0.2.1';
    const ben = await signIn(port, 'Ben', { address });
    await ben.live(t, 'room');
    const cy = await signIn(port, 'Cy', { address: '192.0.2.2' });
    const nobody = await createGuest(port, { address });
    const connections = await connectAll(t, nobody);
    // A client that only receives has not even identified itself.
    const silent = { 'X-Forwarded-For': address };
    const url = `http://127.0.0.1:${port}/rooms/room`;
    const stream = await fetch(`${url}/events`, { headers: silent });
    const held = fetch(`${url}/messages?after=${connections.cursor}&wait=60`, { headers: silent });
    // It waits on the server once a later request of the same client is answered.
    await (await fetch(`${url}/presence`, { headers: silent })).text();
    await ada.command('room', { type: 'ban', uid: ben.uid, minutes: 10, address: true });
    await ada.postMessage('room', 'they are gone');
    assert.deepEqual([await connections.live.closed, await connections.chat.closed], [1008, 1008]);
    for (const ended of [connections.stream, await connections.held, stream, await held]) {
      assert.ok(!(await ended.text()).includes('they are gone'));
    }
    for (const guest of [ben, nobody]) await assertBanned(guest);
    assert.equal((await fetch(url, { headers: silent })).status, 403);
    assert.equal((await cy.get('/rooms/room')).status, 200);
    await ada.command('room', { type: 'lift-restrictions', uid: ben.uid });
    assert.equal((await fetch(url, { headers: silent })).status, 200);
  });

  test('can post nothing more, even if they hold their connection open', async (t) => {
    const { port, ada } = await openRoom(t);
    const client = await ada.live(t, 'room');
    const ben = await RawClient.open(t, port, '/rooms/room/live', {
      'Sec-WebSocket-Protocol': 'json',
    });
    await ben.head();
    const { uid } = JSON.parse(await ben.text());
    await ada.command('room', { type: 'ban', uid, minutes: 10 });
    assert.equal(await ben.closeCode(), 1008);
    ben.send(OPCODE.text, '{"type":"typing"}');
    ben.post('I am still here');
    await ben.closed;
    const gone = (frame: string) => frame.includes(uid) && frame.includes('"gone"');
    await client.untilEphemeral((frames) => frames.some(gone));
    assert.ok(!client.ephemeralFrames.some((frame) => frame.includes('"isTyping":true')));
  });

  test("can't be the owner", async (t) => {
    const { port, ada } = await openRoom(t);
    const mo = await signIn(port, 'Mo');
    await mo.post('/session/moderator', { key: KEY });
    for (const moderator of [ada, mo]) {
      for (const type of ['ban', 'mute', 'transfer-ownership']) {
        assert.equal(
          await outcome(moderator.command('room', { type, uid: ada.uid })),
          '409 target-is-owner',
        );
      }
    }
    await ada.command('room', { type: 'ban', uid: mo.uid });
    assert.equal((await mo.get('/rooms/room')).status, 200, 'server moderators are not banned');
  });
});

suite('A room in slow mode', () => {
  test('accepts a user’s next message after a while, and a retry of the last at once', async (t) => {
    const { port, ada } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    await ada.command('room', { type: 'set-slow-mode', seconds: 60 });
    assert.equal(await outcome(ben.postMessage('room', 'one', 'cid-1')), '201');
    const second = await ben.postMessage('room', 'two', 'cid-2');
    assert.equal(second.status, 429);
    const { error } = (await second.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, 'slow-mode');
    const [, seconds] = /again in (\d+) s/.exec(error.message) ?? [];
    assert.ok(Number(seconds) > 0 && Number(seconds) <= 60, error.message);
    assert.equal(second.headers.get('retry-after'), seconds);
    assert.equal(await outcome(ben.postMessage('room', 'one', 'cid-1')), '200');
    const client = await ben.live(t, 'room');
    client.post('two', 'cid-2');
    assert.equal((await errorFor(client, 'cid-2')).code, 'slow-mode');
    client.post('one', 'cid-1');
    const first = (frames: readonly string[]) => frames.filter((f) => f.includes('"cid-1"'));
    await client.until((frames) => first(frames).length === 2);
    assert.equal(await outcome((await createGuest(port)).postMessage('room', 'others')), '201');
    for (const text of ['a', 'b'])
      assert.equal(await outcome(ada.postMessage('room', text)), '201');
    await ada.command('room', { type: 'set-slow-mode', seconds: 0 });
    assert.equal(await outcome(ben.postMessage('room', 'two', 'cid-2')), '201');
  });
});

suite('A locked room', () => {
  test('accepts messages only from moderators', async (t) => {
    const { port, ada } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    const client = await ben.live(t, 'room');
    await ada.command('room', { type: 'set-locked', enabled: true });
    assert.equal(await outcome(ben.postMessage('room', 'a')), '403 locked');
    client.post('a', 'mine');
    assert.equal((await errorFor(client, 'mine')).code, 'locked');
    assert.equal(await outcome(ada.postMessage('room', 'a')), '201');
    await client.until((frames) => frames.some((frame) => frame.includes('"message"')));
    await ada.command('room', { type: 'set-locked', enabled: false });
    assert.equal(await outcome(ben.postMessage('room', 'a')), '201');
  });
});

suite('A room that needs a name', () => {
  test('accepts messages, reactions, votes and files only under a name', async (t) => {
    const { port, ada } = await openRoom(t);
    const [ben, guest] = await Promise.all([signIn(port, 'Ben'), createGuest(port)]);
    const poll = { type: 'create-poll', question: 'Tea?', options: ['yes', 'no'] };
    await ada.command('room', poll);
    const posted = await ada.postMessage('room', 'hello');
    const { id } = ((await posted.json()) as { readonly message: { readonly id: number } }).message;
    const ownBefore = await guest.postMessage('room', 'before');
    const own = ((await ownBefore.json()) as { readonly message: { readonly id: number } }).message;
    await ada.command('room', { type: 'set-name-required', enabled: true });
    const client = await guest.live(t, 'room');
    const vote = { type: 'set-votes', id: id - 1, options: [0] };
    const denied = '403 name-required';
    assert.equal(await outcome(guest.postMessage('room', 'a')), denied);
    client.post('a', 'mine');
    assert.equal((await errorFor(client, 'mine')).code, 'name-required');
    assert.equal(await outcome(guest.command('room', vote)), denied);
    assert.equal(await outcome(guest.command('room', { type: 'react', id, emoji: '👍' })), denied);
    const edit = { type: 'edit', id: own.id, message: 'after' };
    assert.equal(await outcome(guest.command('room', edit)), denied);
    // What they wrote is theirs to take back.
    assert.equal(await outcome(guest.command('room', { type: 'delete', id: own.id })), '200');
    assert.equal(await outcome(ben.postMessage('room', 'b')), '201');
    assert.equal(await outcome(ben.command('room', vote)), '200');
    await ada.command('room', { type: 'set-name-required', enabled: false });
    assert.equal(await outcome(guest.postMessage('room', 'c')), '201');
  });
});

suite('A room whose history is cleared', () => {
  test('is empty on the disk, and after a restart', async (t) => {
    const data = temporaryFolder(t);
    const one = await openApp(t, { data });
    const ada = await signIn(one.port, 'Ada');
    await ada.createRoom('room');
    for (const body of ['one', 'two']) await ada.postMessage('room', body);
    await ada.postMessage('elsewhere', 'other');
    const { cursor } = await poll(ada);
    await ada.command('room', { type: 'clear-history' });
    await one.close();
    const db = new DatabaseSync(joinPath(data, 'chat.sqlite'), { readOnly: true });
    const rows = db.prepare('SELECT room, kind, body FROM messages ORDER BY id').all();
    db.close();
    assert.deepEqual(
      rows.map(({ room, kind, body }) => [room, kind, body]),
      [
        ['elsewhere', 'message', 'other'],
        ['room', 'system', '{"action":"history-cleared"}'],
      ],
    );
    const two = await openApp(t, { data });
    for (const transport of transports) {
      const late = await (await transport.listen(t, two.port, 'room', cursor)).untilLive();
      assert.equal(late.isReset, true, transport.name);
      const newcomer = await (await transport.listen(t, two.port, 'room')).untilLive();
      assert.equal(newcomer.isReset, false, transport.name);
      for (const { received } of [late, newcomer]) assert.equal(systemMessages(received).length, 1);
    }
  });

  test('is empty for a client that had stopped reading, too', async (t) => {
    const { port, ada } = await openRoom(t);
    const stalled = await RawClient.open(t, port, '/rooms/room/live', {
      'Sec-WebSocket-Protocol': 'json',
    });
    await stalled.head();
    while (!(await stalled.text()).startsWith('{"type":"synced"'));
    // More than the kernel's buffers hold.
    const sender = await ada.live(t, 'room');
    const all = 4_000;
    for (let n = 1; n <= all; n += 1) {
      sender.post(`${n} ${'x'.repeat(3_900)}`);
      if (n % 50 === 0) await sender.until((frames) => frames.length > n - 100);
    }
    await sender.until((frames) => frames.at(-1)?.includes(`"body":"${all} x`) ?? false);
    await ada.command('room', { type: 'clear-history' });
    // More than fit into one chunk; some of them are deleted at once.
    for (let n = 1; n <= 40; n += 1) await ada.postMessage('room', `new ${n} ${'y'.repeat(2_000)}`);
    const { messages } = await poll(ada);
    assert.equal(messages.length, 41);
    for (const { id } of messages.slice(10, 16)) await ada.command('room', { type: 'delete', id });
    await ada.postMessage('room', 'the last');
    const events: { type: string; id: number; body?: string }[] = [];
    while (!events.at(-1)?.body?.includes('the last')) {
      const event = JSON.parse(await stalled.text());
      if (event.type === 'reset') events.length = 0;
      if (event.id) events.push(event);
    }
    const ids = new Set(events.map(({ id }) => id));
    assert.deepEqual(
      [...ids].sort((a, b) => a - b),
      (await poll(ada)).messages.map(({ id }) => id),
    );
  });
});

suite('The ownership of a room', () => {
  test('is shown, and can be transferred to another user', async (t) => {
    const { port, ada } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    assert.equal((await settingsOf(ada)).owner, ada.uid);
    await ada.command('room', { type: 'mute', uid: ben.uid });
    assert.equal(
      await outcome(ada.command('room', { type: 'transfer-ownership', uid: ben.uid })),
      '200',
    );
    assert.equal((await settingsOf(ada)).owner, ben.uid);
    assert.equal(
      await outcome(ada.command('room', { type: 'clear-history' })),
      '403 not-moderator',
    );
    assert.equal((await ada.get('/rooms/room/settings')).status, 403);
    assert.equal(await outcome(ben.command('room', { type: 'set-topic', text: 'Mine' })), '200');
    assert.equal(await outcome(ben.postMessage('room', 'mine')), '201');
    assert.equal(await outcome(ben.command('room', { type: 'mute', uid: ada.uid })), '200');
  });

  test('does not matter to the server’s moderators: they moderate every room', async (t) => {
    const { port, ada } = await openRoom(t);
    const mo = await signIn(port, 'Mo');
    assert.equal(
      await outcome(mo.post('/session/moderator', { key: 'another' })),
      '403 wrong-moderator-key',
    );
    assert.equal(
      await outcome(mo.command('room', { type: 'set-locked', enabled: true })),
      '403 not-moderator',
    );
    assert.equal(await outcome(mo.post('/session/moderator', { key: KEY })), '200');
    for (const room of ['room', 'lobby', 'nobodys']) {
      assert.equal(await outcome(mo.command(room, { type: 'set-locked', enabled: true })), '200');
      assert.equal((await settingsOf(mo, room)).isLocked, true);
      assert.equal(await outcome(mo.postMessage(room, 'hello')), '201');
    }
    assert.equal(await outcome(ada.postMessage('lobby', 'hello')), '403 locked');
    assert.equal(
      await outcome(mo.command('nobodys', { type: 'transfer-ownership', uid: ada.uid })),
      '200',
    );
    assert.equal(await outcome(ada.postMessage('nobodys', 'hello')), '201');
  });

  test('makes no user a moderator where the server has no moderator key', async (t) => {
    const { port } = await openRoom(t, { moderatorKey: undefined });
    const mo = await signIn(port, 'Mo');
    for (const key of ['', 'undefined']) {
      assert.equal(
        await outcome(mo.post('/session/moderator', { key })),
        '403 wrong-moderator-key',
      );
    }
  });

  test("can't be taken: neither of a created room, nor of one with messages", async (t) => {
    const { port, ada } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    assert.equal(await outcome(ben.createRoom('room')), '409 room-exists');
    assert.equal(await outcome(ada.createRoom('room')), '409 room-exists');
    await post(port, 'talk', 'hello');
    assert.equal(await outcome(ben.createRoom('talk')), '409 room-exists');
    assert.equal((await settingsOf(ben, 'talk')).owner, null);
    await ada.command('room', { type: 'clear-history' });
    assert.equal(await outcome(ben.createRoom('room')), '409 room-exists');
    assert.equal(
      await outcome((await createGuest(port)).createRoom('new')),
      '401 sign-in-required',
    );
  });

  test('goes to one of many users who create the room at once', async (t) => {
    const { port } = await openApp(t);
    const names = ['Ada', 'Ben', 'Cy', 'Dot', 'Eve'];
    const guests = await Promise.all(names.map((name) => signIn(port, name)));
    const outcomes = await Promise.all(guests.map((guest) => outcome(guest.createRoom('new'))));
    assert.deepEqual(outcomes.toSorted(), ['201', ...Array(4).fill('409 room-exists')]);
    const winner = guests[outcomes.indexOf('201')];
    assert.ok(winner);
    assert.equal((await settingsOf(winner, 'new')).owner, winner.uid);
    const { messages } = await poll(winner, '', 'new');
    assert.deepEqual(
      messages.map(({ action }) => action),
      ['room-created'],
    );
  });
});

suite('The list of rooms', () => {
  const namesOf = async (guest: TestUser) => {
    const { rooms } = (await (await guest.get('/rooms', JSON_ONLY)).json()) as {
      rooms: readonly { readonly name: string }[];
    };
    return rooms.map(({ name }) => name);
  };

  test('has the public rooms, and neither unlisted ones nor those with a password', async (t) => {
    const { port, ada } = await openRoom(t, { how: { listed: true } });
    assert.equal(await outcome(ada.createRoom('hidden')), '201');
    assert.equal(
      await outcome(ada.createRoom('closed', { listed: true, password: 'sesame' })),
      '201',
    );
    await post(port, 'talk', 'hello');
    assert.deepEqual((await namesOf(ada)).toSorted(), ['room', 'talk']);
    await ada.command('room', { type: 'set-password', password: 'sesame' });
    assert.deepEqual(await namesOf(ada), ['talk']);
    await ada.command('room', { type: 'set-password', password: '' });
    await ada.command('hidden', { type: 'set-listed', enabled: true });
    assert.deepEqual((await namesOf(ada)).toSorted(), ['hidden', 'room', 'talk']);
    await ada.command('room', { type: 'set-listed', enabled: false });
    assert.deepEqual((await namesOf(ada)).toSorted(), ['hidden', 'talk']);
  });

  test('has no private room, however many there are, and all public ones that fit', async (t) => {
    const { port, ada } = await openRoom(t, { how: { listed: true, password: 'sesame' } });
    await post(port, 'open', 'hello');
    // A room without messages comes after all others.
    await ada.live(t, 'room');
    await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        await ada.createRoom(`room-${n}`, { listed: true, password: n < 50 ? 'sesame' : '' });
        await ada.postMessage(`room-${n}`, 'hello');
      }),
    );
    const names = await namesOf(ada);
    assert.ok(!names.includes('room'));
    assert.ok(names.includes('open'));
    assert.equal(names.length, 51);
  });
});

suite('Unread messages', () => {
  test('are those of others, without system messages, up to a hundred', async (t) => {
    const { port, ada } = await openRoom(t);
    const reader = await createGuest(port);
    const count = async (after: number, guest = reader) =>
      ((await (await guest.get(`/rooms/room/unread?after=${after}`)).json()) as { count: number })
        .count;
    assert.equal(await count(0), 0, 'system messages are not counted');
    for (const body of ['one', 'two', 'three']) await ada.postMessage('room', body);
    const [, one = 0, two = 0, three = 0] = (await poll(ada)).messages.map(({ id }) => id);
    assert.deepEqual([await count(0), await count(one), await count(three)], [3, 2, 0]);
    assert.equal(await count(0, ada), 0);
    await ada.command('room', { type: 'delete', id: two });
    assert.equal(await count(0), 2);
    const sender = await ada.live(t, 'room');
    for (let n = 0; n < 150; n += 1) sender.post('x');
    const posts = (frames: readonly string[]) => frames.filter((f) => f.includes('"body":"x"'));
    await sender.until((frames) => posts(frames).length === 150);
    assert.equal(await count(0), 100);
    await ada.command('room', { type: 'set-password', password: 'sesame' });
    assert.equal((await (await createGuest(port)).get('/rooms/room/unread?after=0')).status, 403);
  });
});
