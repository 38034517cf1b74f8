import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { HistoryPages } from '../../../server/core/history-pages.ts';
import { RoomHistory } from '../../../server/core/room-history.ts';
import { Uploads } from '../../../server/features/attachments/uploads.ts';
import { type Client, join } from '../../support/client.ts';
import { readEvents } from '../../support/listeners.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';
import { uploadFile } from '../../support/uploads.ts';
import { waitWhile } from '../../support/wait-while.ts';

const KEY = 'the key of the moderators';
const JSON_ONLY = { Accept: 'application/json' };
const ROOM = '/rooms/room';

interface Opened {
  readonly port: number;
  readonly ada: TestUser;
  readonly setPassword: (password: string) => Promise<void>;
}

/** A server with a room that Ada has made. */
async function openRoom(t: TestContext, how: object = {}): Promise<Opened> {
  const { port } = await openApp(t, { moderatorKey: KEY });
  const ada = await signIn(port, 'Ada');
  assert.equal(await outcome(ada.createRoom('room', how)), '201');
  const setPassword = async (password: string) =>
    assert.equal(await outcome(ada.command('room', { type: 'set-password', password })), '200');
  return { port, ada, setPassword };
}

/** Headers of a guest who has given the room password. */
async function enterRoom(
  guest: TestUser,
  password: string,
): Promise<Readonly<Record<string, string>>> {
  const answer = await guest.post(`${ROOM}/password`, { password });
  assert.equal(answer.status, 200);
  const [pass = ''] = answer.headers.getSetCookie();
  return { ...guest.headers, Cookie: `${guest.headers.Cookie}; ${pass.split(';')[0]}` };
}

/** Waits until a connection is closed with the reason that the room has a password. */
async function assertDisconnected(client: Client): Promise<void> {
  assert.equal(await client.closed, 1008);
  assert.match(client.frames.at(-1) ?? '', /password-required/);
}

/** Waits until a client receives a text, and gives all it has received. */
function receives(client: Client, text: string): Promise<readonly string[]> {
  return client.until((frames) => frames.some((frame) => frame.includes(text)));
}

suite('A password on a room', () => {
  for (const [what, first] of [
    ['that is set', {}],
    ['that is changed', { password: 'first' }],
  ] as const) {
    test(`${what} closes every WebSocket of users who have not entered it, and says why`, async (t) => {
      const { port, ada, setPassword } = await openRoom(t, first);
      const ben = await createGuest(port);
      const headers = 'password' in first ? await enterRoom(ben, first.password) : ben.headers;
      const clients = await Promise.all(
        [`${ROOM}/live`, '/chat?room=room'].flatMap((path) =>
          (['json', 'html'] as const).map((type) =>
            join(t, port, path, { protocols: [type], headers }),
          ),
        ),
      );
      const own = await ada.live(t, 'room');
      await setPassword('second');
      assert.equal(await outcome(ada.postMessage('room', 'a secret')), '201');
      for (const client of clients) {
        await assertDisconnected(client);
        assert.ok(!client.frames.join().includes('a secret'));
      }
      await receives(own, 'a secret');
    });

    test(`${what} ends SSE and long polling, and the next request is rejected`, async (t) => {
      const { port, setPassword } = await openRoom(t, first);
      const ben = await createGuest(port);
      const headers = 'password' in first ? await enterRoom(ben, first.password) : ben.headers;
      const get = (path: string) =>
        fetch(`http://127.0.0.1:${port}${ROOM}${path}`, { headers: { ...headers, ...JSON_ONLY } });
      const stream = await get('/events');
      const events: string[] = [];
      const ended = readEvents(stream, (data) => events.push(data));
      const { cursor } = (await (await get('/messages')).json()) as { cursor: string };
      const waiting = get(`/messages?after=${cursor}&wait=60`);
      // What comes last at the start of a stream shows that both are held.
      await waitWhile(() => !events.some((data) => data.includes('"synced"')));
      await setPassword('second');
      await ended;
      assert.equal((await waiting).status, 200);
      for (const path of [
        '/events',
        '/messages',
        `/messages?after=${cursor}&wait=60`,
        '/presence',
      ]) {
        assert.equal(await outcome(get(path)), '403 password-required', path);
      }
    });
  }

  test('aborts a download in progress', async (t) => {
    const { port } = await openApp(t, { maxUploadMiB: 100 });
    const ada = await signIn(port, 'Ada');
    assert.equal(await outcome(ada.createRoom('room')), '201');
    // More than the system takes for a client that does not read.
    const answer = await uploadFile(ada, 'a.bin', Buffer.alloc(40 * 1024 * 1024), 'room');
    const { file } = (await answer.json()) as { file: { path: string; size: number } };
    const ben = await createGuest(port);
    const download = request({
      port,
      host: '127.0.0.1',
      path: file.path,
      headers: ben.headers,
    }).end();
    const [response] = (await once(download, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    assert.equal(
      await outcome(ada.command('room', { type: 'set-password', password: 'sesame' })),
      '200',
    );
    let bytes = 0;
    await assert.rejects(
      async () => {
        for await (const chunk of response) bytes += chunk.length;
      },
      { code: 'ECONNRESET' },
    );
    assert.ok(bytes < file.size, `${bytes} of ${file.size} bytes came`);
  });

  test('does not disconnect the owner, moderators and users who have entered it', async (t) => {
    const { port, ada, setPassword } = await openRoom(t);
    const mo = await signIn(port, 'Mo');
    assert.equal(await outcome(mo.post('/session/moderator', { key: KEY })), '200');
    const ben = await createGuest(port);
    const before = await Promise.all([ada.live(t, 'room'), mo.live(t, 'room')]);
    await setPassword('sesame');
    const headers = await enterRoom(ben, 'sesame');
    const after = await join(t, port, `${ROOM}/live`, { protocols: ['json'], headers });
    // No other change of the room closes a connection.
    assert.equal(await outcome(ada.command('room', { type: 'set-topic', text: 'Fish' })), '200');
    assert.equal(await outcome(ada.postMessage('room', 'to all of you')), '201');
    for (const client of [...before, after]) await receives(client, 'to all of you');
    await setPassword('');
    assert.equal(await outcome(ada.postMessage('room', 'to everybody')), '201');
    for (const client of [...before, after]) await receives(client, 'to everybody');
  });

  test('is required from a former owner', async (t) => {
    const { port, ada, setPassword } = await openRoom(t);
    const ben = await signIn(port, 'Ben');
    const live = await ada.live(t, 'room');
    await setPassword('sesame');
    assert.equal(
      await outcome(ada.command('room', { type: 'transfer-ownership', uid: ben.uid })),
      '200',
    );
    await assertDisconnected(live);
    assert.equal(await outcome(ada.get(`${ROOM}/messages`, JSON_ONLY)), '403 password-required');
    await ben.live(t, 'room');
  });

  test('removes users from presence who report it by requests', async (t) => {
    let now = performance.now();
    t.mock.method(performance, 'now', () => now);
    const { port, ada, setPassword } = await openRoom(t);
    const ben = await createGuest(port);
    assert.equal(await outcome(ben.command('room', { type: 'presence' })), '200');
    const live = await ada.live(t, 'room');
    const isOf = (state: string) => (frame: string) =>
      frame.includes(ben.uid) && frame.includes(`"state":"${state}"`);
    await live.untilEphemeral((frames) => frames.some(isOf('online')));
    await setPassword('sesame');
    // More than the grace period after leaving, and less than the lifetime of a report.
    now += 10_000;
    await live.untilEphemeral((frames) => frames.some(isOf('gone')));
  });
});

type Taken = Parameters<Uploads['accept']>;

suite('A request in progress when a password is set', () => {
  /** Holds back what is read of the history until the password is set. */
  function holdReads(t: TestContext, of: object, method: string) {
    const reads = { begun: Promise.withResolvers<void>(), goOn: Promise.withResolvers<void>() };
    const methods = of as Record<string, (...args: never[]) => Promise<never>>;
    const read = methods[method];
    assert.ok(read);
    t.mock.method(methods, method, async function held(this: object, ...args: never[]) {
      const result = await read.apply(this, args);
      reads.begun.resolve();
      await reads.goOn.promise;
      return result;
    });
    return reads;
  }

  const changes = [RoomHistory.prototype, 'changesSince'] as const;
  const before = [HistoryPages.prototype, 'before'] as const;
  const around = [HistoryPages.prototype, 'around'] as const;
  for (const [path, [of, method], etag] of [
    ['/messages', changes, true],
    ['/messages?after=CURSOR&wait=60', changes, false],
    ['/messages?before=9', before, false],
    ['?at=2', around, false],
    ['/plain?before=9', before, true],
  ] as const) {
    test(`is not answered with what was read before: ${path}`, async (t) => {
      const { port, ada, setPassword } = await openRoom(t);
      assert.equal(await outcome(ada.postMessage('room', 'a secret')), '201');
      const ben = await createGuest(port);
      const answer = await ben.get(`${ROOM}/messages`, JSON_ONLY);
      const { cursor } = (await answer.json()) as { cursor: string };
      const reads = holdReads(t, of, method);
      const response = ben.get(ROOM + path.replace('CURSOR', cursor), JSON_ONLY);
      await reads.begun.promise;
      await setPassword('sesame');
      reads.goOn.resolve();
      const refused = await response;
      assert.equal(refused.status, 403);
      assert.equal(refused.headers.get('cache-control'), 'no-store');
      if (etag) assert.equal(refused.headers.get('etag'), null);
      assert.match(await refused.text(), /password-required/);
    });
  }

  for (const [what, path, type, start, end] of [
    ['a file', '/files?name=x.txt', 'application/octet-stream', 'first ', 'last'],
    [
      'a form with a file',
      '/messages',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="files"; filename="x.txt"\r\n\r\nfirst ',
      'last\r\n--b\r\nContent-Disposition: form-data; name="message"\r\n\r\na secret\r\n--b--\r\n',
    ],
  ] as const) {
    test(`is rejected when it has arrived: ${what}`, async (t) => {
      const { port, ada, setPassword } = await openRoom(t);
      const ben = await createGuest(port);
      const live = await ada.live(t, 'room');
      const sending = request({
        port,
        path: ROOM + path,
        method: 'POST',
        headers: {
          ...ben.headers,
          ...JSON_ONLY,
          'Content-Type': type,
          'Content-Length': start.length + end.length,
        },
      });
      const begun = Promise.withResolvers<void>();
      const { accept } = Uploads.prototype;
      t.mock.method(Uploads.prototype, 'accept', function taken(this: Uploads, ...args: Taken) {
        begun.resolve();
        return accept.apply(this, args);
      });
      sending.write(start);
      await begun.promise;
      await setPassword('sesame');
      sending.end(end);
      const [answer] = await once(sending, 'response');
      const text = (await answer.toArray()).join('');
      assert.equal(answer.statusCode, 403);
      assert.equal(JSON.parse(text).error.code, 'password-required');
      assert.equal(await outcome(ada.postMessage('room', 'the end')), '201');
      const frames = await receives(live, 'the end');
      assert.ok(!frames.join().includes('a secret'));
    });
  }
});
