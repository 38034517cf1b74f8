import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { joinCodes } from '../../../server/features/rooms/join-codes.ts';
import { join } from '../../support/client.ts';
import { openApp, suiteApp, temporaryFolder } from '../../support/server.ts';
import { signedIn, TestBrowser } from '../../support/test-browser.ts';

const page = { Accept: 'text/html' };

/** The join code that a page of the room shows; `undefined` where it shows the whole address. */
async function codeOf(url: string, room: string, browser = new TestBrowser(url)) {
  const html = await (await browser.get(`/rooms/${room}`, page)).text();
  return /data-path="\/j\/(\d+)"/.exec(html)?.[1];
}

function follow(url: string, path: string): Promise<Response> {
  return fetch(url + path, { headers: page, redirect: 'manual' });
}

async function createRoom(url: string, name: string, fields: Record<string, unknown>) {
  const owner = await signedIn(url, name);
  assert.equal((await owner.post('/rooms', fields)).status, 201);
  return owner;
}

suite('A join code', () => {
  const app = suiteApp();

  test('leads to the address of its room, and stays the same', async () => {
    const { url } = app;
    const ada = await createRoom(url, 'Ada', { title: '生物课' });
    const code = await codeOf(url, '生物课', ada);
    assert.match(code ?? '', /^\d{4}$/);
    const answer = await follow(url, `/j/${code}`);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), `/rooms/${encodeURIComponent('生物课')}`);
    assert.equal((await follow(url, `/j?code=+${code}`)).headers.get('location'), `/j/${code}`);
    const commands = `/rooms/${encodeURIComponent('生物课')}/commands`;
    assert.equal((await ada.post(commands, { type: 'set-title', title: 'x' })).status, 200);
    assert.equal(await codeOf(url, '生物课', ada), code);
    assert.match(
      await (await ada.get('/rooms/生物课/present', page)).text(),
      new RegExp(`/j/${code}<`),
    );
  });

  test('is given to a room with its first message, and sent to the clients that are connected', async (t) => {
    const { url, port } = app;
    assert.equal(await codeOf(url, 'fresh'), undefined);
    const client = await join(t, port, '/rooms/fresh/live?after=0.0');
    await new TestBrowser(url).post('/rooms/fresh/messages', { message: 'first' });
    await client.untilEphemeral((frames) =>
      /"room-state"[^>]*data-code="\d{4}"/.test(frames.join()),
    );
    const code = await codeOf(url, 'fresh');
    await new TestBrowser(url).post('/rooms/fresh/messages', { message: 'second' });
    assert.equal(await codeOf(url, 'fresh'), code);
    const poll = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };
    const asked = await new TestBrowser(url).submit('/rooms/polled/commands', {
      ...poll,
      options: 'a\nb',
    });
    assert.equal(asked.headers.get('location'), '/rooms/polled', 'it is no change of the settings');
    assert.match((await codeOf(url, 'polled')) ?? '', /^\d{4}$/);
  });

  test('leads to a page that asks for the password of the room', async () => {
    const { url } = app;
    const owner = await createRoom(url, 'Ben', { title: 'Closed', password: 'tulip' });
    const code = await codeOf(url, 'closed', owner);
    const answer = await fetch(`${url}/j/${code}`, { headers: page });
    assert.equal(answer.status, 403);
    assert.ok(answer.url.endsWith('/rooms/closed'));
  });

  for (const path of [
    '/j/123',
    '/j/1234567890',
    '/j/abcd',
    '/j?code=',
    '/j?code=12a4',
    '/j/00000',
  ]) {
    test(`that is none is a 404, and no room: ${path}`, async () => {
      const answer = await follow(app.url, path);
      assert.equal(answer.status, 404);
      assert.equal(answer.headers.get('location'), null);
      // The page has the error, and a field for another one.
      assert.match(await answer.text(), /role="alert">No room has this code.*<input id="code"/s);
    });
  }

  test('is asked for by the page /j, which is no error', async () => {
    const answer = await follow(app.url, '/j');
    assert.equal(answer.status, 200);
    const html = await answer.text();
    assert.match(html, /<form [^>]*action="\/j".*<input id="code"/s);
    assert.doesNotMatch(html, /role="alert"/);
  });
});

test('Wrong join codes of an address are limited, right ones are not', async (t) => {
  const { url } = await openApp(t, { rateLimits: true });
  await new TestBrowser(url).post('/rooms/class/messages', { message: 'first' });
  const code = await codeOf(url, 'class');
  for (let n = 0; n < 120; n += 1) assert.equal((await follow(url, `/j/${code}`)).status, 302);
  const wrong = [];
  for (let n = 0; n < 101; n += 1) wrong.push((await follow(url, `/j/${100_000 + n}`)).status);
  assert.deepEqual([...new Set(wrong)], [404, 429]);
  assert.equal((await follow(url, `/j/${code}`)).status, 429, 'guessing shows nothing any more');
});

test('Join codes survive a restart', async (t) => {
  const data = temporaryFolder(t);
  const first = await openApp(t, { data });
  await new TestBrowser(first.url).post('/rooms/class/messages', { message: 'first' });
  const code = await codeOf(first.url, 'class');
  await first.close();
  const second = await openApp(t, { data });
  assert.equal(await codeOf(second.url, 'class'), code);
  assert.equal((await follow(second.url, `/j/${code}`)).headers.get('location'), '/rooms/class');
});

test('Join codes have more digits once most of those with four are in use', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE join_codes (code TEXT PRIMARY KEY, room TEXT NOT NULL UNIQUE) STRICT');
  const insert = db.prepare('INSERT INTO join_codes VALUES (?, ?)');
  for (let n = 0; n < 10_000; n += 1) insert.run(`${n}`.padStart(4, '0'), `room ${n}`);
  const codes = joinCodes(db);
  const assigned = Array.from({ length: 100 }, (_, n) => codes.assign(`new-${n}`));
  assert.ok(assigned.every((code) => /^\d{5}$/.test(code ?? '')));
  assert.equal(new Set(assigned).size, 100);
  assert.equal(codes.assign('transports-1'), null);
  db.close();
});
