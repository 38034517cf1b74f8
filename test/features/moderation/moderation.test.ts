import assert from 'node:assert/strict';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import type { Config } from '../../../server/config.ts';
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

/** What somebody is told beside the log of how the room is kept. */
async function settingsOf(guest: TestUser, room = 'room'): Promise<Record<string, unknown>> {
  const asides = await (await guest.get(`/rooms/${room}/presence`, JSON_ONLY)).json();
  return (asides as Record<string, unknown>[]).find(({ type }) => type === 'room-state') ?? {};
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

/** All that one gets who asks now. */
async function poll(guest: TestUser, query = '', room = 'room'): Promise<Answer> {
  const answer = await guest.get(`/rooms/${room}/messages${query}`, JSON_ONLY);
  assert.equal(answer.status, 200);
  return (await answer.json()) as Answer;
}

/** Waits for the next notice on a line of JSON. */
async function notice(client: Client, cid: string | null = null): Promise<Record<string, unknown>> {
  const isIt = (frame: string) => {
    const event = JSON.parse(frame);
    return event.type === 'error' && event.cid === cid;
  };
  return JSON.parse((await client.until((frames) => frames.some(isIt))).find(isIt) ?? '');
}

const acts = (heard: readonly Received[]) =>
  heard.flatMap((one) => (one.kind === 'system' ? [one.text] : []));

/** A name in a sentence stays in its place. */
const isolated = (text: string) => text.replace(/Ada|Ben|Cy/g, (name) => `\u2068${name}\u2069`);

/** What can be done to a room but to clear it, and what is told of it. */
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

function naming(what: object, people: Readonly<Record<string, TestUser>>): object {
  return JSON.parse(JSON.stringify(what), (_, value) => people[value]?.uid ?? value);
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
      const people = { BEN: await signIn(port, 'Ben'), CY: await signIn(port, 'Cy') };
      // Others do not stay when there is a word.
      const live = await (
        await transport.listen(t, port, 'room', undefined, ada.headers)
      ).untilLive();
      const { cursor } = live;
      for (const [what] of COMMANDS) {
        assert.equal(await outcome(ada.command('room', naming(what, people))), '200');
      }
      const expected = COMMANDS.map(([, name, sentence]) => systemLine(name, sentence));
      const hears = async (listener: Listener, count: number) =>
        acts((await listener.until(() => acts(listener.received).length >= count)).received);
      const made = systemLine('room-created', 'Ada created this room.');
      assert.deepEqual(await hears(live, expected.length + 1), [made, ...expected]);
      const back = await transport.listen(t, port, 'room', cursor);
      assert.deepEqual(await hears(back, expected.length), expected);
      assert.equal(back.isReset, false);
      const newcomer = await transport.listen(t, port, 'room');
      assert.deepEqual(await hears(newcomer, expected.length + 1), [made, ...expected]);
    });

    test('shows a deleted message as a tombstone to all', async (t) => {
      const { port, ada } = await openRoom(t);
      const live = await (await transport.listen(t, port, 'room')).untilLive();
      const { cursor } = live;
      for (const body of ['good', 'bad', 'fine']) await ada.postMessage('room', body);
      const { messages } = await poll(ada);
      const id = messages[2]?.id ?? 0;
      assert.equal(await outcome(ada.command('room', { type: 'delete', id })), '200');
      const isTold = ({ received }: Listener) => received.some(({ kind }) => kind === 'deleted');
      await live.until(() => isTold(live));
      const deleted = live.received.find(({ kind }) => kind === 'deleted');
      assert.deepEqual(deleted, { kind: 'deleted', id, seq: id + 2 });
      for (const after of [cursor, undefined, `${cursor.split('.')[0]}.${id + 1}`]) {
        const late = await transport.listen(t, port, 'room', after);
        await late.until(() => isTold(late));
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
      const told = (heard: readonly Received[]) =>
        heard.flatMap((one) => {
          if (one.kind === 'live') return [];
          if (one.kind === 'system') return [one.text];
          return [one.kind === 'message' ? one.body : one.kind];
        });
      assert.deepEqual(told(live.received.slice(before)), ['reset', cleared, 'three']);
      for (const after of [cursor, first, undefined]) {
        const late = await transport.listen(t, port, 'room', after);
        await late.until(() => late.bodies.includes('three'));
        const first = after === undefined ? [] : ['reset'];
        assert.deepEqual(told(late.received), [...first, cleared, 'three'], `after ${after}`);
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
    const words = { Authorization: `Basic ${Buffer.from('sesame:').toString('base64')}` };
    const line = await join(t, port, '/rooms/room/live', {
      protocols: ['json'],
      headers: { ...ben.headers, ...words },
    });
    await ada.command('room', { type: 'set-password', password: 'open' });
    await ada.command('room', { type: 'mute', uid: ben.uid, minutes: 1, address: true });
    const { messages } = await poll(ada);
    const told = JSON.stringify([
      messages,
      await settingsOf(ada),
      line.frames,
      line.ephemeralFrames,
    ]);
    for (const secret of ['sesame', 'open', '$', '192.0.2.1']) {
      assert.ok(!told.includes(secret), secret);
    }
  });

  test('is also sent as ephemeral room state, to all who are online', async (t) => {
    const { port, ada } = await openRoom(t);
    const line = await (await createGuest(port)).live(t, 'room');
    await ada.command('room', { type: 'set-slow-mode', seconds: 5 });
    await ada.command('room', { type: 'set-topic', text: 'Fish' });
    await ada.postMessage('room', 'Read this');
    const { messages } = await poll(ada);
    const id = messages.at(-1)?.id;
    await ada.command('room', { type: 'pin', id });
    const kept = {
      title: 'room',
      topic: 'Fish',
      joinCode: (await settingsOf(ada)).joinCode,
      owner: ada.uid,
      isLocked: false,
      slowModeSeconds: 5,
    };
    const expected = { ...kept, pollCreators: 'moderators', pinned: [id] };
    const room = JSON.stringify({ type: 'room-state', ...expected });
    await line.untilEphemeral((asides) => asides.includes(room));
    assert.deepEqual(await settingsOf(ada), { type: 'room-state', ...expected });
  });

  test('works by a form as well, which redirects back to its page', async (t) => {
    const { ada } = await openRoom(t);
    const answer = await ada.submit('/rooms/room/commands', { type: 'set-locked', enabled: 'on' });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/rooms/room/settings');
    assert.equal((await settingsOf(ada)).isLocked, true);
    await ada.submit('/rooms/room/commands', { type: 'set-locked' });
    assert.equal((await settingsOf(ada)).isLocked, false);
  });

  const OTHERS = [{ type: 'clear-history' }, { type: 'delete', id: 3 }, { type: 'pin', id: 3 }];
  for (const what of [...COMMANDS.map(([command]) => command), ...OTHERS]) {
    test(`is only for moderators: ${JSON.stringify(what)}`, async (t) => {
      const { port, ada } = await openRoom(t);
      await ada.postMessage('room', 'hello');
      const people = { BEN: await signIn(port, 'Ben'), CY: await signIn(port, 'Cy') };
      const before = [await poll(ada), await settingsOf(ada)];
      const asked = naming(what, people);
      for (const guest of [people.BEN, await createGuest(port)]) {
        assert.equal(await outcome(guest.command('room', asked)), '403 not-moderator');
        const fields = Object.entries(asked).map(([name, value]) => [name, formOf(value)]);
        const form = await guest.submit('/rooms/room/commands', Object.fromEntries(fields));
        assert.equal(form.status, 403);
        const line = await guest.live(t, 'room');
        line.send(JSON.stringify(asked));
        assert.equal((await notice(line)).code, 'not-moderator');
      }
      assert.deepEqual([await poll(ada), await settingsOf(ada)], before);
      assert.equal((await people.BEN.get('/rooms/room/settings')).status, 403);
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
    const lines = await Promise.all(
      ['/chat?room=room', '/rooms/room/live', `/rooms/room/live?after=${first.cursor}`].map(
        (path) => ada.join(t, path),
      ),
    );
    await ada.postMessage('room', 'the last');
    for (const line of lines) {
      const frames = await line.until((all) => all.some((frame) => frame.includes('the last')));
      all += frames.join('');
    }
    assert.ok(all.includes('This message was deleted.'));
    assert.ok(!all.includes('secret'), all);
    const [chat] = lines;
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
    const speaker = await ada.live(t, 'room');
    for (let n = 0; n < 150; n += 1) speaker.post(`${n}`);
    const said = (frames: readonly string[]) => frames.filter((f) => f.includes('"message"'));
    await speaker.until((frames) => said(frames).length === 150);
    await ada.command('room', { type: 'delete', id: 10 });
    await ada.command('room', { type: 'delete', id: 100 });
    const { messages } = await poll(ada);
    assert.equal(messages.length, 100);
    for (const transport of transports) {
      const listener = await (await transport.listen(t, port, 'room')).untilLive();
      const ids = listener.received.flatMap((one) => ('id' in one ? [one.id] : []));
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
    const line = await ben.live(t, 'room');
    await ada.command('room', { type: 'mute', uid: ben.uid, minutes: 10 });
    line.post('hello?', 'mine');
    assert.equal((await notice(line, 'mine')).code, 'muted');
    assert.equal(await outcome(ben.postMessage('room', 'hello?')), '403 muted');
    const form = await ben.submit('/rooms/room/messages', { message: 'my draft' });
    assert.equal(form.status, 403);
    assert.ok((await form.text()).includes('my draft'), 'the text is not lost');
    const chat = await ben.join(t, '/chat?room=room');
    chat.post('hello?');
    await chat.until((frames) => frames.some((frame) => frame.includes('data-code="muted"')));
    await ada.postMessage('room', 'read this');
    await line.until((frames) => frames.some((frame) => frame.includes('read this')));
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

/** Everything of a room that there is to ask for. */
const WAYS_IN = [
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

async function isShutOut(guest: TestUser): Promise<void> {
  const room = '/rooms/room';
  for (const way of WAYS_IN) {
    assert.equal(await outcome(guest.get(room + way, JSON_ONLY)), '403 banned', way);
  }
  assert.equal(await outcome(guest.postMessage('room', 'hello')), '403 banned');
  assert.equal((await guest.submit(`${room}/messages`, { message: 'hello' })).status, 403);
  assert.equal(await outcome(guest.command('room', { type: 'presence' })), '403 banned');
  assert.equal(await outcome(guest.command('room', { type: 'typing' })), '403 banned');
  for (const path of [`${room}/live`, '/chat?room=room']) {
    assert.equal((await rejectedUpgrade(guest.port, path, guest.headers)).status, 403, path);
  }
}

/** Every kind of line that somebody can have. Gives what to wait for: that all have ended. */
async function openLines(t: TestContext, guest: TestUser) {
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
    const { live, chat, stream, held, cursor } = await openLines(t, ben);
    const other = await (await signIn(port, 'Cy')).live(t, 'room');
    await ada.command('room', { type: 'ban', uid: ben.uid, minutes: 10 });
    await ada.postMessage('room', 'he is gone');
    assert.deepEqual([await live.closed, await chat.closed], [1008, 1008]);
    assert.equal((await notice(live)).code, 'banned');
    assert.match(chat.frames.at(-1) ?? '', /data-code="banned"/);
    const answer = await (await held).json();
    assert.deepEqual(answer, { reset: false, messages: [], cursor });
    const heard = `${await stream.text()}${live.frames}${chat.frames}`;
    assert.ok(!heard.includes('he is gone'));
    await other.until((frames) => frames.some((frame) => frame.includes('he is gone')));
    await isShutOut(ben);
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
    const lines = await openLines(t, nobody);
    // Who only listens has not even said who they are.
    const silent = { 'X-Forwarded-For': address };
    const url = `http://127.0.0.1:${port}/rooms/room`;
    const stream = await fetch(`${url}/events`, { headers: silent });
    const held = fetch(`${url}/messages?after=${lines.cursor}&wait=60`, { headers: silent });
    // It is held when what came after it on the same way has been answered.
    await (await fetch(`${url}/presence`, { headers: silent })).text();
    await ada.command('room', { type: 'ban', uid: ben.uid, minutes: 10, address: true });
    await ada.postMessage('room', 'they are gone');
    assert.deepEqual([await lines.live.closed, await lines.chat.closed], [1008, 1008]);
    for (const ended of [lines.stream, await lines.held, stream, await held]) {
      assert.ok(!(await ended.text()).includes('they are gone'));
    }
    for (const guest of [ben, nobody]) await isShutOut(guest);
    assert.equal((await fetch(url, { headers: silent })).status, 403);
    assert.equal((await cy.get('/rooms/room')).status, 200);
    await ada.command('room', { type: 'lift-restrictions', uid: ben.uid });
    assert.equal((await fetch(url, { headers: silent })).status, 200);
  });

  test('can post nothing more, even if they hold their connection open', async (t) => {
    const { port, ada } = await openRoom(t);
    const line = await ada.live(t, 'room');
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
    const gone = (aside: string) => aside.includes(uid) && aside.includes('"gone"');
    await line.untilEphemeral((asides) => asides.some(gone));
    assert.ok(!line.ephemeralFrames.some((aside) => aside.includes('"isTyping":true')));
  });

  test("can't be the owner", async (t) => {
    const { port, ada } = await openRoom(t);
    const mo = await signIn(port, 'Mo');
    await mo.post('/session/moderator', { key: KEY });
    for (const moderator of [ada, mo]) {
      for (const act of ['ban', 'mute', 'transfer-ownership']) {
        assert.equal(
          await outcome(moderator.command('room', { type: act, uid: ada.uid })),
          '409 target-is-owner',
        );
      }
    }
    await ada.command('room', { type: 'ban', uid: mo.uid });
    assert.equal((await mo.get('/rooms/room')).status, 200, 'a moderator is at home everywhere');
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
    const line = await ben.live(t, 'room');
    line.post('two', 'cid-2');
    assert.equal((await notice(line, 'cid-2')).code, 'slow-mode');
    line.post('one', 'cid-1');
    const first = (frames: readonly string[]) => frames.filter((f) => f.includes('"cid-1"'));
    await line.until((frames) => first(frames).length === 2);
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
    const line = await ben.live(t, 'room');
    await ada.command('room', { type: 'set-locked', enabled: true });
    assert.equal(await outcome(ben.postMessage('room', 'a')), '403 locked');
    line.post('a', 'mine');
    assert.equal((await notice(line, 'mine')).code, 'locked');
    assert.equal(await outcome(ada.postMessage('room', 'a')), '201');
    await line.until((frames) => frames.some((frame) => frame.includes('"message"')));
    await ada.command('room', { type: 'set-locked', enabled: false });
    assert.equal(await outcome(ben.postMessage('room', 'a')), '201');
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
      for (const { received } of [late, newcomer]) assert.equal(acts(received).length, 1);
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
    const speaker = await ada.live(t, 'room');
    const all = 4_000;
    for (let n = 1; n <= all; n += 1) {
      speaker.post(`${n} ${'x'.repeat(3_900)}`);
      if (n % 50 === 0) await speaker.until((frames) => frames.length > n - 100);
    }
    await speaker.until((frames) => frames.at(-1)?.includes(`"body":"${all} x`) ?? false);
    await ada.command('room', { type: 'clear-history' });
    // As many as do not fit into one piece; one of them is taken away at once.
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
    // The room in which nothing was said comes after all others.
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
  test('are counted, without system messages, and up to a hundred', async (t) => {
    const { port, ada } = await openRoom(t);
    const count = async (after: number, guest = ada) =>
      ((await (await guest.get(`/rooms/room/unread?after=${after}`)).json()) as { count: number })
        .count;
    assert.equal(await count(0), 0, 'what is done to a room is none');
    for (const body of ['one', 'two', 'three']) await ada.postMessage('room', body);
    const [, one = 0, two = 0, three = 0] = (await poll(ada)).messages.map(({ id }) => id);
    assert.deepEqual([await count(0), await count(one), await count(three)], [3, 2, 0]);
    await ada.command('room', { type: 'delete', id: two });
    assert.equal(await count(0), 2);
    const speaker = await ada.live(t, 'room');
    for (let n = 0; n < 150; n += 1) speaker.post('x');
    const said = (frames: readonly string[]) => frames.filter((f) => f.includes('"body":"x"'));
    await speaker.until((frames) => said(frames).length === 150);
    assert.equal(await count(0), 100);
    await ada.command('room', { type: 'set-password', password: 'sesame' });
    assert.equal((await (await createGuest(port)).get('/rooms/room/unread?after=0')).status, 403);
  });
});
