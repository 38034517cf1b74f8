import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { openApp } from '../../support/server.ts';
import { signedIn, TestBrowser } from '../../support/test-browser.ts';

const JSON_TYPE = { Accept: 'application/json' };

/** A server with rooms of Ann, in each of which she wrote about a needle. */
async function openRooms(t: TestContext) {
  const { url } = await openApp(t);
  const ann = await signedIn(url, 'Ann');
  for (const room of [
    { name: 'public', title: 'The public room' },
    { name: 'quiet', listed: false },
    { name: 'secret', password: 'tulip' },
  ]) {
    await ann.post('/rooms', { listed: true, ...room });
    await ann.post(`/rooms/${room.name}/messages`, { message: `a needle in ${room.name}` });
  }
  return { url, ann };
}

/** The rooms in which a browser finds something, when it searches from a room. */
async function found(browser: TestBrowser, from = 'lobby', q = 'needle') {
  const response = await browser.get(`/rooms/${from}/search?q=${q}&scope=all`, JSON_TYPE);
  assert.equal(response.status, 200);
  const { messages } = (await response.json()) as { messages: { room: string }[] };
  return messages.map(({ room }) => room);
}

suite('A search in all rooms', () => {
  test('finds what is in public rooms and in those that the user was in, newest first.', async (t) => {
    const { url, ann } = await openRooms(t);
    const guest = new TestBrowser(url);
    assert.deepEqual(await found(guest), ['public']);
    await guest.get('/rooms/quiet', { Accept: 'text/html' });
    assert.deepEqual(await found(guest), ['quiet', 'public']);
    // Ann has the room's password, as its owner; what she read is stored on the server.
    assert.deepEqual(await found(ann, 'public'), ['public']);
    for (const room of ['quiet', 'secret'])
      await ann.post(`/rooms/${room}/commands`, { type: 'mark-read', id: 99 });
    assert.deepEqual(await found(ann, 'public'), ['secret', 'quiet', 'public']);
    const page = await (await ann.get('/rooms/lobby/search?q=needle&scope=all')).text();
    assert.match(page, /href="\/rooms\/secret\?at=\d+"/);
    assert.match(page, /<bdi>The public room<\/bdi>/);
    assert.match(page, /value="all" checked/);
    assert.doesNotMatch(await (await ann.get('/rooms/lobby/search?q=needle')).text(), /\?at=/);
  });

  test('finds nothing in a room whose password or ban keeps the user out, even if they were there.', async (t) => {
    const { url, ann } = await openRooms(t);
    const bob = await signedIn(url, 'Bob');
    bob.setCookie('rooms', 'secret.quiet.public');
    assert.deepEqual(await found(bob), ['quiet', 'public']);
    await bob.submit('/rooms/secret/password', { password: 'tulip' });
    assert.deepEqual(await found(bob), ['secret', 'quiet', 'public']);
    await ann.post('/rooms/secret/commands', { type: 'set-password', password: 'rose' });
    assert.deepEqual(await found(bob), ['quiet', 'public']);
    const posted = await bob.post('/rooms/quiet/messages', { message: 'hello' });
    const { message } = (await posted.json()) as { message: { uid: string } };
    await ann.post('/rooms/quiet/commands', { type: 'ban', uid: message.uid, minutes: '' });
    assert.deepEqual(await found(bob), ['public']);
    const closed = await bob.get('/rooms/secret/search?q=needle&scope=all', JSON_TYPE);
    assert.equal(closed.status, 403);
  });

  test('finds nothing that was cleared, deleted or is hidden, in whichever room.', async (t) => {
    const { url, ann } = await openRooms(t);
    await ann.post('/rooms/public/messages', { message: 'another needle' });
    await ann.post('/rooms/other/messages', { message: 'one needle more' });
    const guest = new TestBrowser(url);
    guest.setCookie('rooms', 'quiet.other');
    assert.deepEqual(await found(guest), ['other', 'public', 'quiet', 'public']);
    await ann.post('/rooms/public/commands', { type: 'clear-history' });
    assert.deepEqual(await found(guest), ['other', 'quiet']);
    await ann.post('/rooms/public/messages', { message: 'a needle again' });
    assert.deepEqual(await found(guest), ['public', 'other', 'quiet']);
  });
});
