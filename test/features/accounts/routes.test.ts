import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { v4 as uuid } from 'uuid';
import { loadKeyring } from '../../../server/auth/load-keyring.ts';
import { nameSkeleton } from '../../../server/auth/name-skeleton.ts';
import type { SignedIn } from '../../../server/auth/session-events.ts';
import { appender } from '../../../server/features/appender.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { openDataDir } from '../../../server/storage/data-dir.ts';
import { type Client, isMessage, join, parseFragment } from '../../support/client.ts';
import { freezeClock } from '../../support/clock.ts';
import { openApp, spawnServer, suiteApp, temporaryFolder } from '../../support/server.ts';
import { requestCount } from '../../support/sockets.ts';
import { errorOf, signedIn, signIn, TestBrowser } from '../../support/test-browser.ts';
import { waitWhile } from '../../support/wait-while.ts';
import { RawClient } from '../../support/wire.ts';

const PASSWORD = 'correct horse battery';
const HOUR_MS = 60 * 60 * 1_000;
const json = { Accept: 'application/json' };

interface Welcome {
  readonly uid: string;
  readonly name: string | null;
}

interface Event extends Welcome {
  readonly type: string;
  readonly body: string;
}

/** A connection of a browser, and the identity that the server sent. */
async function enter(t: TestContext, port: number, browser: TestBrowser, room = 'lobby') {
  const path = `/rooms/${room}/live`;
  const headers = browser.headers(path);
  const client = await join(t, port, path, { protocols: ['json'], headers });
  const [first = ''] = await client.waitForFrames(1);
  return { client, welcome: JSON.parse(first) as Welcome };
}

function messages(client: Client): readonly Event[] {
  const events = client.frames.map((frame) => JSON.parse(frame) as Event);
  return events.filter(({ type }) => type === 'message');
}

async function cursorOf(browser: TestBrowser): Promise<string> {
  const response = await browser.get('/rooms/lobby/messages', json);
  return ((await response.json()) as { cursor: string }).cursor;
}

/** Opens a connection over every transport, and returns what ends with each. */
async function connectAll(t: TestContext, port: number, browser: TestBrowser) {
  const { client: live } = await enter(t, port, browser);
  const chat = await join(t, port, '/chat', { headers: browser.headers() });
  const stream = await browser.get('/rooms/lobby/events', json);
  const after = await cursorOf(browser);
  const requests = requestCount(t);
  const poll = browser.get(`/rooms/lobby/messages?after=${after}&wait=60`, json);
  await waitWhile(() => requests.count === 0);
  return { live, chat, stream: stream.text(), poll };
}

async function allEnd({ live, chat, stream, poll }: Awaited<ReturnType<typeof connectAll>>) {
  assert.equal(await live.closed, 1008);
  assert.equal(JSON.parse(live.frames.at(-1) ?? '').code, 'session-expired');
  assert.equal(await chat.closed, 1008);
  assert.match(chat.frames.at(-1) ?? '', /data-code="session-expired"/);
  await stream;
  assert.deepEqual(((await (await poll).json()) as { messages: [] }).messages, []);
}

suite('Signing in with a name', () => {
  const app = suiteApp();

  test('creates a session, a new one at each sign-in, in a cookie that no script can read', async (t) => {
    const { url } = await openApp(t);
    const browser = new TestBrowser(url).setCookie('session', 'chosen.before');
    const cookies: string[] = [];
    for (const name of ['Ann', 'Bob', 'Ann']) {
      const response = await browser.post('/session', { name });
      assert.equal(response.status, 201);
      const [line = ''] = response.headers.getSetCookie();
      assert.match(line, /^session=[\w-]{22}\.[\w-]{43}; path=\/; .*samesite=lax; httponly$/i);
      cookies.push(browser.cookie('session') ?? '');
    }
    assert.equal(new Set(cookies).size, 3);
    for (const old of cookies.slice(0, 2)) {
      const response = await new TestBrowser(url).setCookie('session', old).post('/session/end');
      assert.deepEqual(
        await errorOf(response),
        [401, 'session-expired'],
        'a new sign-in ends the old session',
      );
    }
  });

  test('makes all tabs the same user, over every transport', async (t) => {
    const { url, port } = await openApp(t);
    const browser = new TestBrowser(url);
    const uid = await signIn(browser, 'Ann');
    const tabs = [await enter(t, port, browser), await enter(t, port, browser)] as const;
    const chat = await join(t, port, '/chat', { headers: browser.headers() });
    assert.deepEqual(await chat.waitForFrames(1), [uid]);
    for (const { welcome } of tabs) {
      assert.deepEqual([welcome.uid, welcome.name], [uid, 'Ann']);
    }
    tabs[0].client.post('one');
    chat.post('two');
    await browser.post('/rooms/lobby/messages', { message: 'three' });
    await browser.submit('/rooms/lobby/messages', { message: 'four' });
    await tabs[1].client.until(() => messages(tabs[1].client).length === 4);
    const polled = await (await browser.get('/rooms/lobby/messages', json)).json();
    for (const received of [messages(tabs[1].client), polled.messages]) {
      assert.ok(received.every((message: Event) => message.uid === uid && message.name === 'Ann'));
    }
    const stream = await fetch(`${url}/rooms/lobby/events`, { headers: browser.headers() });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('<div class="body">four')) text += (await reader?.read())?.value ?? '';
    // It may contain the presence list as well.
    assert.equal(text.match(/<article [^>]*/g)?.filter((tag) => tag.includes(uid)).length, 4);
    await reader?.cancel();
  });

  test('shows the name as text, isolated from the text around it', async (t) => {
    const { url, port } = await openApp(t);
    const name = `<b>Ann</b> & "O'Neil"`;
    const browser = await signedIn(url, name);
    const shown = '<bdi>&lt;b&gt;Ann&lt;/b&gt; &amp; &#34;O&#39;Neil&#34;</bdi>';
    const chat = await join(t, port, '/chat', { headers: browser.headers() });
    chat.post('hello');
    const [, message = ''] = await chat.until((frames) => frames.some(isMessage));
    assert.ok(message.includes(shown), message);
    for (const path of ['/rooms/lobby', '/rooms/lobby/plain', '/sign-in']) {
      const page = await (await browser.get(path, { Accept: 'text/html' })).text();
      assert.ok(page.includes(shown), path);
      assert.ok(!page.includes('<b>Ann'), path);
    }
  });

  for (const [what, used, requested] of [
    ['the same', 'Ann', 'Ann'],
    ['other case', 'Ann', 'aNN'],
    ['look-alikes', 'paypal', 'раураl'],
    ['letters that look like two', 'Marina', 'rnarina'],
    ['a small capital', 'Marina', 'Mariɴa'],
    ['a letter in a square', 'Marina', '🅼arina'],
    ['a digit for a letter', 'Marina', 'Mar1na'],
    ['punctuation around it', 'Marina', '“Marina.”'],
    ['full width', 'Ann', 'Ａｎｎ'],
    ['spaces', 'Ann Lee', ' AnnLee '],
    ['another form of the same', 'José', 'Jose\u0301'],
  ] as const) {
    test(`rejects a name that is in use: ${what}`, async (t) => {
      const { url } = await openApp(t);
      await signedIn(url, used);
      const other = new TestBrowser(url);
      const response = await other.post('/session', { name: requested });
      assert.deepEqual(await errorOf(response), [409, 'name-taken']);
      assert.equal(other.cookie('session'), undefined);
      const reserving = await other.post('/session', { name: requested, password: PASSWORD });
      assert.deepEqual(await errorOf(reserving), [409, 'name-taken'], 'nor can it be reserved');
    });
  }

  for (const [what, name, code] of [
    ['invisible characters', 'A\u200bnn', 'invalid-name'],
    ['a filler', '\u3164', 'invalid-name'],
    ['a bidi override', '\u202ennA', 'invalid-name'],
    ['half a character', 'A\ud800', 'invalid-name'],
    ['NUL', 'A\0nn', 'invalid-name'],
    ['zalgo', 'A\u0301\u0302\u0303\u0304\u0305nn', 'invalid-name'],
    ['nothing', '', 'invalid-name'],
    ['no text', ['Ann'], 'invalid-name'],
    ['the name of the server', 'Sеrver', 'reserved-name'],
    ['a moderator', '🅰dm1n', 'reserved-name'],
    ['a moderator, in Chinese', '系统管理员', 'reserved-name'],
    ['an earlier word for guests', 'Visitor 1234', 'reserved-name'],
    ['guests, in Chinese', '访客 1a2b3c', 'reserved-name'],
    ['everybody', '@all', 'reserved-name'],
  ] as const) {
    test(`rejects a name of ${what} with 400`, async () => {
      const response = await new TestBrowser(app.url).post('/session', { name });
      assert.deepEqual(await errorOf(response), [400, code]);
    });
  }

  test('gives a name that two clients request at once to one of them', async (t) => {
    const { url } = await openApp(t);
    for (let round = 0; round < 10; round += 1) {
      const all = await Promise.all(
        [`Ann ${round}`, `ANN ${round}`, `ann${round}`].map((name) =>
          new TestBrowser(url).post('/session', { name }),
        ),
      );
      assert.deepEqual(all.map(({ status }) => status).sort(), [201, 409, 409]);
    }
  });

  test('gives a name that two clients reserve at once to one of them', async (t) => {
    const { url } = await openApp(t);
    const all = await Promise.all(
      [PASSWORD, 'another password'].map((password) =>
        new TestBrowser(url).post('/session', { name: 'Ann', password }),
      ),
    );
    assert.deepEqual(all.map(({ status }) => status).sort(), [201, 403]);
  });

  test('offers to reserve a name without a password, and to change the password of another', async (t) => {
    const { url } = await openApp(t);
    const browser = new TestBrowser(url);
    await signIn(browser, 'Ann');
    const form = async () => (await browser.get('/sign-in')).text();
    assert.match(await form(), /<h2[^>]*>Reserve this name</);
    await browser.post('/session/password', { password: PASSWORD });
    const kept = await form();
    assert.match(kept, /<h2[^>]*>Change password</);
    assert.doesNotMatch(kept, /Reserve this name/);
  });

  test('that is rejected shows the form again, with the reason', async (t) => {
    const { url } = await openApp(t);
    await signedIn(url, 'Ann');
    const response = await new TestBrowser(url).submit('/session', { name: 'ANN"><script>' });
    assert.equal(response.status, 303);
    const again = await new TestBrowser(url).submit('/session', { name: 'ann', password: 'short' });
    assert.equal(again.status, 400);
    const page = await again.text();
    assert.match(page, /role="alert"/);
    assert.ok(page.includes('value="ann"') && !page.includes('short"'));
  });
});

suite('A name without a password', () => {
  test('is free again when its user signs out', async (t) => {
    const { url } = await openApp(t);
    const ann = new TestBrowser(url);
    const uid = await signIn(ann, 'Ann');
    assert.equal((await ann.post('/session/end')).status, 200);
    assert.equal(ann.cookie('session'), undefined);
    assert.notEqual(await signIn(new TestBrowser(url), 'Ann'), uid);
  });

  /** A data directory in which the name was last used so long ago, and the cookie of its user. */
  function agedSession(t: TestContext, name: string, agoMs: number) {
    const data = temporaryFolder(t);
    const folder = openDataDir(data);
    const db = openDatabase(joinPath(data, 'chat.sqlite'));
    const id = 'a'.repeat(22);
    const session = createHash('sha256').update(id).digest('base64url');
    const event: SignedIn = {
      kind: 'signed-in',
      guest: null,
      uid: uuid(),
      name,
      nameSkeleton: nameSkeleton(name),
      session,
      passwordHash: null,
      verifiedHash: null,
      at: Date.now() - agoMs,
    };
    appender(db)([event]);
    const cookie = `${id}.${loadKeyring(folder).sign(`session ${id}`)}`;
    db.close();
    folder.release();
    return { data, cookie, uid: event.uid };
  }

  test('is free again when it was not used for 24 hours, and its session has ended', async (t) => {
    const { data, cookie, uid } = agedSession(t, 'Ann', 24 * HOUR_MS + 1_000);
    const { url, port } = await openApp(t, { data });
    const before = new TestBrowser(url).setCookie('session', cookie);
    const { welcome } = await enter(t, port, before);
    assert.equal(welcome.name, null);
    assert.notEqual(await signIn(new TestBrowser(url), 'Ann'), uid);
    assert.equal((await enter(t, port, before)).welcome.name, null);
  });

  test('stays in use for 24 hours after each use', async (t) => {
    const { data, cookie, uid } = agedSession(t, 'Ann', 23 * HOUR_MS);
    const { url, port } = await openApp(t, { data });
    const taken = await new TestBrowser(url).post('/session', { name: 'Ann' });
    assert.deepEqual(await errorOf(taken), [409, 'name-taken']);
    const { welcome } = await enter(t, port, new TestBrowser(url).setCookie('session', cookie));
    assert.deepEqual([welcome.uid, welcome.name], [uid, 'Ann']);
    const db = new DatabaseSync(joinPath(data, 'chat.sqlite'), { readOnly: true });
    const seen = Number(db.prepare('SELECT seen FROM sessions').get()?.seen);
    db.close();
    assert.ok(Date.now() - seen < HOUR_MS);
  });

  test('stays in use for as long as a connection is open under it', async (t) => {
    const data = temporaryFolder(t);
    const { url, port } = await openApp(t, { data }, { pingIntervalMs: 1_000 });
    const ann = await signedIn(url, 'Ann');
    const { client } = await enter(t, port, ann);
    const db = new DatabaseSync(joinPath(data, 'chat.sqlite'), { readOnly: true });
    t.after(() => db.close());
    const seen = db.prepare('SELECT seen FROM sessions');
    let now = Date.now();
    t.mock.method(Date, 'now', () => now);
    for (let n = 0; n < 3; n += 1) {
      now += 20 * HOUR_MS;
      await waitWhile(() => Number(seen.get()?.seen) < now);
      const response = await new TestBrowser(url).post('/session', { name: 'Ann' });
      assert.deepEqual(await errorOf(response), [409, 'name-taken']);
    }
    client.post('still here');
    await client.until(() => messages(client).length === 1);
  });
});

suite('A reserved name', () => {
  test('needs its password, and is the same user on every device', async (t) => {
    const { url, port } = await openApp(t);
    const home = new TestBrowser(url);
    const uid = await signIn(home, 'Ann', PASSWORD);
    for (const password of [undefined, 'another password', PASSWORD.toUpperCase()]) {
      const response = await new TestBrowser(url).post('/session', { name: 'ann', password });
      assert.deepEqual(await errorOf(response), [403, 'wrong-user-password']);
    }
    const phone = new TestBrowser(url);
    assert.equal(await signIn(phone, 'ANN', PASSWORD), uid);
    const [one, other] = [await enter(t, port, home), await enter(t, port, phone)];
    assert.deepEqual(one.welcome, other.welcome);
    assert.equal(other.welcome.name, 'Ann', 'as it was first written');
  });

  test('stays reserved after signing out, and its user owns the same rooms when they return', async (t) => {
    const { url } = await openApp(t);
    const ann = new TestBrowser(url);
    const uid = await signIn(ann, 'Ann', PASSWORD);
    const made = await ann.post('/rooms', { name: 'class', topic: 'maths' });
    assert.equal(made.status, 201);
    assert.equal((await ann.get('/rooms/class/settings')).status, 200);
    await ann.post('/session/end');
    assert.equal((await ann.get('/rooms/class/settings')).status, 403);
    assert.equal((await new TestBrowser(url).post('/session', { name: 'Ann' })).status, 403);
    const phone = new TestBrowser(url);
    assert.equal(await signIn(phone, 'Ann', PASSWORD), uid);
    assert.equal((await phone.get('/rooms/class/settings')).status, 200);
  });

  test('can be reserved later by a password, and only by that password', async (t) => {
    const { url } = await openApp(t);
    const ann = new TestBrowser(url);
    const uid = await signIn(ann, 'Ann');
    const reserved = await ann.post('/session/password', { password: PASSWORD });
    assert.equal(reserved.status, 200);
    const changed = await ann.post('/session/password', { password: 'another password' });
    assert.equal(changed.status, 200);
    const old = await new TestBrowser(url).post('/session', { name: 'Ann', password: PASSWORD });
    assert.deepEqual(await errorOf(old), [403, 'wrong-user-password']);
    assert.equal(await signIn(new TestBrowser(url), 'Ann', 'another password'), uid);
  });

  test('has a password of at least eight characters', async (t) => {
    const { url } = await openApp(t);
    for (const password of ['seven77', 'x'.repeat(201), 'x\ud800xxxxxxx']) {
      const response = await new TestBrowser(url).post('/session', { name: 'Ann', password });
      assert.deepEqual(await errorOf(response), [400, 'invalid-user-password']);
    }
  });
});

suite('A session ends', () => {
  test('by signing out: its connections are closed, and its cookie is not valid any more', async (t) => {
    const { url, port } = await openApp(t);
    const ann = await signedIn(url, 'Ann');
    const old = new TestBrowser(url).setCookie('session', ann.cookie('session') ?? '');
    const open = await connectAll(t, port, ann);
    const other = await enter(t, port, await signedIn(url, 'Bob'));
    await ann.post('/session/end');
    await allEnd(open);
    const { welcome } = await enter(t, port, old);
    assert.equal(welcome.name, null);
    assert.deepEqual(await errorOf(await old.post('/session/end')), [401, 'session-expired']);
    other.client.post('still here');
    await other.client.until(() => messages(other.client).length === 1);
  });

  test('by a change of the password: on every device, and there is one new session', async (t) => {
    const { url, port } = await openApp(t);
    const home = new TestBrowser(url);
    const uid = await signIn(home, 'Ann', PASSWORD);
    const phone = await signedIn(url, 'Ann', PASSWORD);
    const before = new TestBrowser(url).setCookie('session', home.cookie('session') ?? '');
    const [atHome, onPhone] = [await connectAll(t, port, home), await connectAll(t, port, phone)];
    await home.post('/session/password', { password: 'another password' });
    await allEnd(atHome);
    await allEnd(onPhone);
    assert.deepEqual((await enter(t, port, home)).welcome.uid, uid);
    for (const old of [before, phone]) {
      assert.equal((await enter(t, port, old)).welcome.name, null);
    }
  });

  test('when another user signs in with the name after a day', async (t) => {
    const { url, port } = await openApp(t);
    const ann = await signedIn(url, 'Ann');
    const open = await connectAll(t, port, ann);
    const now = Date.now();
    t.mock.method(Date, 'now', () => now + 25 * HOUR_MS);
    const refused = await new TestBrowser(url).post('/session', { name: 'Ann', password: 'short' });
    assert.equal(refused.status, 400);
    await signedIn(url, 'Ann');
    await allEnd(open);
  });

  test('and its client can post nothing more, even if it does not disconnect', async (t) => {
    const { url, port } = await openApp(t);
    const ann = await signedIn(url, 'Ann');
    const listener = await join(t, port, '/chat');
    const stubborn = await RawClient.open(t, port, '/chat', ann.headers());
    await stubborn.head();
    await ann.post('/session/end');
    assert.equal(await stubborn.closeCode(), 1008);
    stubborn.post('I am still Ann');
    // The server disconnects a client that does not answer the close.
    await stubborn.closed;
    listener.post('nobody is');
    const frames = await listener.until((all) => all.some(isMessage));
    assert.equal(parseFragment(frames[1] ?? '').body, 'nobody is');
  });

  test('for connections that are being opened at the same time, too', async (t) => {
    const { url, port } = await openApp(t);
    for (let round = 0; round < 20; round += 1) {
      const ann = await signedIn(url, 'Ann');
      const [tabs] = await Promise.all([
        Promise.all([1, 2, 3].map((n) => enter(t, port, ann, `room-${round}-${n}`))),
        new TestBrowser(url).setCookie('session', ann.cookie('session') ?? '').post('/session/end'),
      ]);
      for (const { client, welcome } of tabs) {
        if (welcome.name === null) client.ws.terminate();
        else assert.equal(await client.closed, 1008);
      }
    }
  });
});

suite('A session that was never issued', () => {
  test('is rejected', async (t) => {
    const { url, port } = await openApp(t);
    const ann = new TestBrowser(url);
    await signIn(ann, 'Ann');
    const cookie = ann.cookie('session') ?? '';
    const [id = '', signature = ''] = cookie.split('.');
    const other = (await signedIn(url, 'Bob')).cookie('session')?.split('.')[1] ?? '';
    const guest = (await (await new TestBrowser(url).post('/guests')).json()).token as string;
    const forged = [
      ...['', '.', id, `${id}.`, `.${signature}`, signature, guest],
      ...[`${id}.${other}`, `${id}.${signature.slice(0, -1)}`, `${id}.${signature}A`],
      ...[
        `${id.slice(1)}.${signature}`,
        `${id.startsWith('B') ? 'C' : 'B'}${cookie.slice(1)}`,
        cookie.toLowerCase(),
      ],
      ...[`${id}.__proto__`, `"${cookie}"`, encodeURIComponent(`${cookie}\0`)],
    ];
    for (const value of forged) {
      const browser = new TestBrowser(url).setCookie('session', value);
      const response = await browser.post('/session/end');
      assert.deepEqual(await errorOf(response), [401, 'session-expired'], value);
    }
    const { welcome } = await enter(
      t,
      port,
      new TestBrowser(url).setCookie('session', `${id}.${other}`),
    );
    assert.equal(welcome.name, null);
    assert.equal((await enter(t, port, ann)).welcome.name, 'Ann');
    const asGuest = new TestBrowser(url).setCookie('visitor', cookie);
    assert.deepEqual(await errorOf(await asGuest.post('/session/end')), [401, 'session-expired']);
  });

  test('of another server is rejected', async (t) => {
    const [here, there] = [await openApp(t), await openApp(t)];
    const cookie = (await signedIn(there.url, 'Ann')).cookie('session') ?? '';
    const { welcome } = await enter(
      t,
      here.port,
      new TestBrowser(here.url).setCookie('session', cookie),
    );
    assert.equal(welcome.name, null);
  });
});

suite('Password guessing', () => {
  const from = (url: string, address: string) =>
    new TestBrowser(url, { 'X-Forwarded-For': address });

  test('is slowed down, also many guesses at once, and locks no other user out', async (t) => {
    const { url } = await openApp(t, { trustProxy: 1 });
    await signedIn(url, 'Ann', PASSWORD);
    freezeClock(t);
    const attacker = from(url, '10.0.0.1');
    // Without the cookie of a response: with it, each would count for another browser.
    const guess = (password: string) =>
      from(url, '10.0.0.1').post('/session', { name: 'Ann', password });
    const slowed = Promise.withResolvers<Response>();
    const guesses = Array.from({ length: 12 }, async (_, n) => {
      const response = await guess(`wrong guess ${n}`);
      if (response.status === 429) slowed.resolve(response);
      return response.status;
    });
    const first = await slowed.promise;
    assert.equal((await guess(PASSWORD)).status, 429, 'not even the right password is checked');
    assert.match(first.headers.get('retry-after') ?? '', /^[12]$/);
    const all = await Promise.all(guesses);
    assert.deepEqual(all.sort(), [...Array(6).fill(403), ...Array(6).fill(429)]);
    await signIn(from(url, '10.0.0.2'), 'Ann', PASSWORD);
    await signIn(attacker, 'Eve');
  });

  test('of the moderator key is slowed down, and a correct password elsewhere does not reset it', async (t) => {
    const moderatorKey = 'the key of the moderators';
    const { url } = await openApp(t, { moderatorKey, trustProxy: 1 });
    freezeClock(t);
    const [eve, bob] = [from(url, '10.0.0.1'), from(url, '10.0.0.2')];
    await signIn(eve, 'Eve');
    await signIn(bob, 'Bob');
    await eve.get('/sign-in');
    for (let n = 0; n < 6; n += 1) {
      const response = await eve.post('/session/moderator', { key: `guess ${n}` });
      assert.deepEqual(await errorOf(response), [403, 'wrong-moderator-key']);
      // Correct in a room without a password: this must not reset the attempts at the key.
      await eve.post('/rooms/moderator/password', { password: 'x' });
    }
    const slow = await eve.post('/session/moderator', { key: moderatorKey });
    assert.deepEqual(await errorOf(slow), [429, 'too-many-attempts']);
    assert.equal((await bob.post('/session/moderator', { key: moderatorKey })).status, 200);
  });

  test('makes no user a moderator where the server has no moderator key', async (t) => {
    const { url } = await openApp(t);
    const eve = await signedIn(url, 'Eve');
    for (const key of ['', 'undefined', 'null']) {
      const response = await eve.post('/session/moderator', { key });
      assert.deepEqual(await errorOf(response), [403, 'wrong-moderator-key']);
    }
  });
});

test('Secrets are stored only as hashes, and not logged', async (t) => {
  const data = temporaryFolder(t);
  const key = 'the key of the moderators';
  const serverPassword = 'the word of the server';
  const args = ['--data', data, '--moderator-key', key, '--server-password', serverPassword];
  const server = spawnServer(t, ['--port', '0', ...args]);
  const url = `http://127.0.0.1:${await server.listening()}`;
  const ann = new TestBrowser(url);
  await ann.post('/password', { password: serverPassword });
  await signIn(ann, 'Ann', PASSWORD);
  await ann.post('/session/moderator', { key });
  await ann.post('/rooms', { name: 'class', password: 'the password of the class' });
  const cookies = ['session', 'pass'].map((name) => ann.cookie(name) ?? '');
  // Errors: invalid requests, and a database that another process has locked.
  await ann.post('/session', { name: 'Bob', password: `${PASSWORD}${'x'.repeat(70_000)}` });
  await ann.post('/session', { name: 'Ann', password: `${PASSWORD}!` });
  await ann.get(`/rooms/lobby/messages?after=${PASSWORD}`);
  const db = new DatabaseSync(joinPath(data, 'chat.sqlite'));
  db.exec('BEGIN IMMEDIATE');
  const failed = await ann.post('/session/password', { password: `${PASSWORD}, again` });
  db.exec('ROLLBACK');
  assert.deepEqual(await errorOf(failed), [503, 'not-saved']);
  const { password } = db.prepare('SELECT password_hash AS password FROM names').get() ?? {};
  assert.match(String(password), /^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  db.close();
  const signing = readFileSync(joinPath(data, 'secret'), 'utf8').split(/\s/);
  const [, secret = ''] = signing;
  assert.match(secret, /^[\w-]{43}$/);
  const secrets = [
    ...[PASSWORD, key, serverPassword, 'the password of the class', secret],
    ...cookies.flatMap((cookie) => cookie.split('.')),
  ].map((text) => Buffer.from(text));
  const files = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secret')
    .map(({ name }) => name);
  assert.ok(files.includes('chat.sqlite-wal'));
  const places = files.map((name): [string, Buffer] => [name, readFileSync(joinPath(data, name))]);
  assert.equal(await server.end('SIGTERM'), 0);
  assert.match(server.output, /"code":"database-locked"/);
  for (const [name, bytes] of [...places, ['the log', Buffer.from(server.output)] as const]) {
    for (const text of [...secrets, Buffer.from(secret, 'base64url')]) {
      assert.ok(!bytes.includes(text), `${text} is in ${name}`);
    }
  }
});
