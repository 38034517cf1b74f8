import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { becomeOwner } from '../../support/owner.ts';
import { openApp } from '../../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../../support/test-browser.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const PASSWORD = 'correct horse';
const FAST = { erasureIntervalMs: 20 };

/** The messages of a room. */
async function read(url: string, room: string): Promise<readonly Record<string, unknown>[]> {
  const page = await new TestBrowser(url).get(`/rooms/${room}/messages`, {
    Accept: 'application/json',
  });
  return (await page.json()).messages;
}

/** Resolves when the first message of a room is a tombstone. */
async function untilErased(url: string, room: string): Promise<void> {
  let first: unknown;
  const look = async () => {
    first = (await read(url, room))[0]?.type;
  };
  while (first !== 'deleted') await look();
}

suite('Who is signed in', () => {
  test('downloads what is stored about them, and nothing of others.', async (t) => {
    const { url } = await openApp(t);
    const ann = await signedIn(url, 'Ann', PASSWORD);
    const bo = await signedIn(url, 'Bo');
    for (let n = 0; n < 3; n += 1) await ann.post('/rooms/class/messages', { message: `ann ${n}` });
    await bo.post('/rooms/class/messages', { message: 'bo wrote' });
    const answer = await ann.submit('/settings/data/export', {});
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="my-data.jsonl"');
    const text = await answer.text();
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const messages = rows.filter(({ table }) => table === 'messages');
    assert.deepEqual(
      messages.map(({ body }) => body),
      ['ann 0', 'ann 1', 'ann 2'],
    );
    assert.doesNotMatch(text, /bo wrote|password_hash/);
  });

  test('erases it with the password, is signed out everywhere and told so.', async (t) => {
    const { url } = await openApp(t, {}, FAST);
    const ann = await signedIn(url, 'Ann', PASSWORD);
    const elsewhere = await signedIn(url, 'Ann', PASSWORD);
    await ann.post('/rooms/class/messages', { message: 'ann wrote' });
    const page = await (await ann.get('/settings/data', { 'Accept-Language': 'en' })).text();
    assert.match(page, /Erased for everyone.*Kept.*name="password".*Erase everything/s);
    const wrong = await ann.submit('/settings/data/erase', { password: 'wrong horse' });
    assert.equal(wrong.status, 403);
    assert.match(await wrong.text(), /role="alert".*name="password"/s);
    assert.equal((await read(url, 'class'))[0]?.type, 'message');
    const done = await ann.submit('/settings/data/erase', { password: PASSWORD });
    assert.equal(done.headers.get('location'), '/settings/data?done');
    assert.equal(ann.cookie('session'), undefined);
    const after = await ann.get('/settings/data?done', { 'Accept-Language': 'en' });
    assert.match(await after.text(), /Your data is erased/);
    assert.deepEqual(await errorOf(await elsewhere.post('/session/end')), [401, 'session-expired']);
    await untilErased(url, 'class');
    // The name is free.
    await signedIn(url, 'Ann');
  });
});

test('A guest erases what the browser, or a tab of it, wrote, and is somebody else afterwards.', async (t) => {
  const { url, port } = await openApp(t, {}, FAST);
  const browser = new TestBrowser(url);
  await browser.submit('/rooms/class/messages', { message: 'without a script' });
  const tab = await createGuest(port);
  await tab.postMessage('other', 'from a tab');
  const socket = await tab.live(t, 'other');
  const token = tab.headers.Cookie?.replace('visitor=', '') ?? '';
  const done = await browser.submit('/settings/data/erase', { guest: token });
  assert.equal(done.status, 303);
  assert.equal(browser.cookie('visitor'), undefined);
  assert.equal(await socket.closed, 1008);
  await untilErased(url, 'class');
  await untilErased(url, 'other');
  const again = await tab.postMessage('other', 'again');
  const { message } = (await again.json()) as { message: { uid: string } };
  assert.notEqual(message.uid, tab.uid);
});

suite('The owner of the server', () => {
  const erase = (who: TestUser, fields: Readonly<Record<string, string>>) =>
    who.submit('/admin/erase', fields);

  test('erases a user, after being asked; others do not.', async (t) => {
    const { url, port, ownerPath } = await openApp(t, {}, FAST);
    const owner = await becomeOwner(port, ownerPath);
    const bob = await signIn(port, 'Bob');
    const eve = await signIn(port, 'Eve');
    await bob.postMessage('garden', 'bob wrote');
    assert.equal(await outcome(eve.post('/admin/erase', { uid: bob.uid })), '403 not-server-owner');
    const asked = await (await erase(owner, { uid: bob.uid })).text();
    assert.match(asked, /Erase all data of .*Bob.*\?/);
    assert.equal((await read(url, 'garden'))[0]?.type, 'message');
    const done = await erase(owner, { uid: bob.uid, confirmed: 'on' });
    assert.equal(done.headers.get('location'), '/admin/people?erased');
    await untilErased(url, 'garden');
    assert.equal(await outcome(bob.post('/session/end', {})), '401 session-expired');
  });

  test('is led to the page that asks for the password, to erase themselves.', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const owner = await becomeOwner(port, ownerPath);
    const answer = await erase(owner, { uid: owner.uid, confirmed: 'on' });
    assert.equal(answer.headers.get('location'), '/settings/data');
    assert.match(await (await owner.get('/settings/data')).text(), /typhoon owner/);
  });
});

test('Reading all tables is limited for an address.', async (t) => {
  const { url } = await openApp(t, { rateLimits: true });
  const ann = await signedIn(url, 'Ann');
  let status = 200;
  for (let n = 0; n < 40 && status === 200; n += 1)
    ({ status } = await ann.post('/settings/data/export'));
  assert.equal(status, 429);
});
