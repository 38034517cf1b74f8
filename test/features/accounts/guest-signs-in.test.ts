import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openApp, temporaryFolder } from '../../support/server.ts';
import { TestBrowser } from '../../support/test-browser.ts';
import { createGuest, outcome, TestUser } from '../../support/test-user.ts';

/** Signs in under a name, by the identity of a guest or by a token in the form. */
async function signIn(by: TestUser, name: string, more: object = {}): Promise<TestUser> {
  const answer = await by.post('/session', { name, ...more });
  assert.equal(answer.status, 201, await answer.clone().text());
  const { uid } = (await answer.json()) as { uid: string };
  const session = answer.headers.getSetCookie().find((line) => line.startsWith('session='));
  return new TestUser(by.port, uid, { Cookie: session?.split(';')[0] ?? '' });
}

async function post(by: TestUser, room: string, message: string): Promise<number> {
  const answer = await by.postMessage(room, message);
  return ((await answer.json()) as { message: { id: number } }).message.id;
}

async function reactionsTo(by: TestUser, room: string, id: number): Promise<unknown> {
  const answer = await by.get(`/rooms/${room}/messages/${id}`, { Accept: 'application/json' });
  const { reactions } = (await answer.json()) as { reactions: { emoji: string; count: number }[] };
  return reactions.map(({ emoji, count }) => [emoji, count]);
}

async function votesOf(by: TestUser, room: string): Promise<unknown> {
  const answer = await by.get(`/rooms/${room}/votes`, { Accept: 'application/json' });
  const votes = (await answer.json()) as { type: string; poll: number; options: number[] }[];
  return votes.flatMap(({ type, options }) => (type === 'vote' ? [options] : []));
}

const poll = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };

/** How often a poll was voted in, once it is counted. */
async function counted(by: TestUser, room: string, id: number, voters: number): Promise<number[]> {
  for (;;) {
    const answer = await by.get(`/rooms/${room}/polls/${id}.json`);
    const results = (await answer.json()) as { voters: number; options: { count: number }[] };
    if (results.voters === voters) return results.options.map(({ count }) => count);
  }
}

suite('A guest who signs in', () => {
  test('keeps the messages, the reactions and the vote, by every transport', async (t) => {
    const { port } = await openApp(t);
    const [guest, other] = [await createGuest(port), await createGuest(port)];
    const phone = await signIn(new TestUser(port, '', {}), 'Ada', { password: 'correct horse' });
    const id = await post(guest, 'class', 'hello');
    await guest.command('class', { type: 'react', id, emoji: '👍' });
    await phone.command('class', { type: 'react', id, emoji: '👍' });
    await other.command('class', poll);
    await guest.command('class', { type: 'set-votes', id: id + 3, options: [0] });
    await phone.command('class', { type: 'set-votes', id: id + 3, options: [1] });
    assert.deepEqual(await counted(other, 'class', id + 3, 2), [1, 1]);

    const watching = await phone.live(t, 'class');
    await watching.until((frames) => frames.some((frame) => frame.includes('"synced"')));
    const ada = await signIn(guest, 'Ada', { password: 'correct horse' });
    assert.equal(ada.uid, phone.uid);
    const frames = await watching.until((all) => all.some((one) => one.includes('"vote"')));
    assert.ok(frames.some((one) => one.includes('"options":[1]')));
    assert.deepEqual(await counted(other, 'class', id + 3, 1), [0, 1]);
    assert.deepEqual(await votesOf(ada, 'class'), [[1]]);
    assert.deepEqual(await reactionsTo(other, 'class', id), [['👍', 1]]);
    assert.equal(await outcome(ada.command('class', { type: 'edit', id, message: 'hi' })), '200');
    const page = await phone.get(`/rooms/class/messages/${id}`, { Accept: 'text/html' });
    assert.match(await page.text(), /value="delete"/, 'without JavaScript, in another browser');
    const socket = await ada.live(t, 'class');
    const [welcome = ''] = await socket.waitForFrames(1);
    assert.deepEqual(JSON.parse(welcome).formerGuests, [guest.uid]);
    socket.send(JSON.stringify({ type: 'delete', id, cid: 'x' }));
    await socket.until((all) => all.some((one) => one.includes('"ack"')));
  });

  test('is proved by the signed token alone', async (t) => {
    const { port } = await openApp(t);
    const guest = await createGuest(port);
    const id = await post(guest, 'class', 'mine');
    const [, signature = ''] = guest.protocol.slice('token.'.length).split('.');
    const other = await createGuest(port);
    const forged = [guest.uid, `${guest.uid}.`, `${guest.uid}.x`, `${other.uid}.${signature}`];
    for (const [n, token] of forged.entries()) {
      const eve = await signIn(new TestUser(port, '', {}), `Eve ${n}`, {
        guest: token,
        uid: guest.uid,
      });
      const edit = eve.command('class', { type: 'edit', id, message: 'not mine' });
      assert.equal(await outcome(edit), '403 not-author');
    }
    const token = guest.protocol.slice('token.'.length);
    const ada = await signIn(other, 'Ada', { guest: token });
    const edit = ada.command('class', { type: 'edit', id, message: 'mine' });
    assert.equal(await outcome(edit), '200', 'the token of the tab comes before the browser’s');
  });

  test('is a user from then on: open connections end, and the token is another guest’s', async (t) => {
    const data = temporaryFolder(t);
    const app = await openApp(t, { data });
    const guest = await createGuest(app.port);
    const socket = await guest.live(t, 'class');
    await socket.until((frames) => frames.some((frame) => frame.includes('"synced"')));
    const events = await guest.get('/rooms/class/events', { Accept: 'text/event-stream' });
    const cursor = /"cursor":"([^"]+)"/.exec(socket.frames.join())?.[1];
    const polling = guest.get(`/rooms/class/messages?after=${cursor}&wait=60`);
    const beside = await (await createGuest(app.port)).live(t, 'class');
    await signIn(guest, 'Ada', { password: 'correct horse' });
    assert.equal(await socket.closed, 1008);
    assert.match(socket.frames.at(-1) ?? '', /"guest-signed-in"/);
    await events.text();
    assert.equal((await polling).status, 200);
    assert.equal(beside.ws.readyState, beside.ws.OPEN, 'other guests stay');
    const again = await guest.live(t, 'class');
    const uidOf = ([welcome = '']: readonly string[]) => JSON.parse(welcome).uid;
    assert.notEqual(uidOf(await again.waitForFrames(1)), guest.uid);
    await app.close();
    const { port } = await openApp(t, { data });
    const later = new TestUser(port, '', guest.headers, guest.protocol.slice('token.'.length));
    assert.notEqual(uidOf(await (await later.live(t, 'class')).waitForFrames(1)), guest.uid);
  });

  test('without JavaScript is the guest of the cookie, which is deleted', async (t) => {
    const { url } = await openApp(t);
    const browser = new TestBrowser(url);
    await browser.get('/rooms/class');
    await browser.submit('/rooms/class/messages', { message: 'as a guest' });
    assert.ok(browser.cookie('visitor'));
    await browser.submit('/session', { name: 'Ada', guest: '' });
    assert.equal(browser.cookie('visitor'), undefined);
    const room = await (await browser.get('/rooms/class/plain')).text();
    const [, id = ''] = /messages\/(\d+)/.exec(room) ?? [];
    const page = await (await browser.get(`/rooms/class/messages/${id}`)).text();
    assert.match(page, /value="edit"/);
    await browser.submit('/session/end', {});
    const after = await (await browser.get(`/rooms/class/messages/${id}`)).text();
    assert.doesNotMatch(after, /value="edit"/);
  });
});
