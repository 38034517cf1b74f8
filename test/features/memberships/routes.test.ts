import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suiteApp } from '../../support/server.ts';
import { errorOf, signedIn, TestBrowser } from '../../support/test-browser.ts';
import { createGuest, TestUser } from '../../support/test-user.ts';

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly readId: number;
  readonly unread: number;
  readonly mentions: number;
  readonly notifications: string | null;
}

async function listOf(visit: TestBrowser): Promise<readonly Listed[]> {
  return ((await (await visit.get('/memberships')).json()) as { rooms: Listed[] }).rooms;
}

suite('The rooms of a signed-in user', () => {
  const app = suiteApp();

  test('have what is unread, on every device, for the user alone', async () => {
    const { port, room } = app.newRoom();
    const guest = await createGuest(port);
    const post = async (text: string) =>
      ((await (await guest.postMessage(room, text)).json()) as { message: { id: number } }).message
        .id;
    const id = await post('one');
    const laptop = await signedIn(app.url, 'Ada', 'correct horse');
    const phone = await signedIn(app.url, 'Ada', 'correct horse');
    const commands = `/rooms/${room}/commands`;
    assert.equal((await laptop.post(commands, { type: 'mark-read', id })).status, 200);
    assert.equal(
      (await phone.post(commands, { type: 'set-notifications', level: 'all' })).status,
      200,
    );
    await post('two');
    await post('hello @Ada');
    const expected = [
      { name: room, title: room, readId: id, unread: 2, mentions: 1, notifications: 'all' },
    ];
    assert.deepEqual(await listOf(phone), expected);
    assert.deepEqual(await listOf(laptop), expected);
    const page = await (await phone.get(`/rooms/${room}`)).text();
    assert.match(page, new RegExp(`data-read-id="${id}" data-notifications="all"`));
    const other = await signedIn(app.url, 'Bob');
    assert.deepEqual(await listOf(other), []);
    const otherPage = await (await other.get(`/rooms/${room}`)).text();
    assert.doesNotMatch(otherPage, /data-read-id/);
  });

  test('do not show a room that they may not enter any more', async () => {
    const { room } = app.newRoom();
    const owner = await signedIn(app.url, 'Olga');
    await owner.post('/rooms', { title: room, listed: 'on' });
    const user = await signedIn(app.url, 'Uma');
    await user.post(`/rooms/${room}/commands`, { type: 'mark-read', id: 1 });
    assert.equal((await listOf(user)).length, 1);
    await owner.post(`/rooms/${room}/commands`, { type: 'set-password', password: 'sesame' });
    assert.deepEqual(await listOf(user), []);
    await user.post(`/rooms/${room}/password`, { password: 'sesame' });
    assert.equal((await listOf(user)).length, 1);
  });

  test('get what they had read as a guest: the higher position counts', async () => {
    const { port, room } = app.newRoom();
    const guest = await createGuest(port);
    for (const text of ['one', 'two', 'three']) await guest.postMessage(room, text);
    const user = await signedIn(app.url, 'Grace');
    await user.post(`/rooms/${room}/commands`, { type: 'mark-read', id: 2 });
    const merge = (...positions: readonly unknown[]) => user.post('/memberships', { positions });
    assert.equal((await merge([room, 1], ['never-used', 1], ['not/a room', 1])).status, 200);
    assert.deepEqual(
      (await listOf(user)).map(({ name, readId }) => [name, readId]),
      [[room, 2]],
    );
    assert.equal((await merge([room.toUpperCase(), 3])).status, 200);
    assert.equal((await listOf(user))[0]?.readId, 3);
    assert.equal((await merge(['x'])).status, 400);
    assert.equal((await merge([room, -1])).status, 400);
    assert.equal((await merge(...Array.from({ length: 31 }, () => [room, 1]))).status, 400);
  });

  test('list everybody who wrote in a room, for mentions, and nobody who only read', async () => {
    const { room } = app.newRoom();
    const [writer, reader] = [await signedIn(app.url, 'Wanda'), await signedIn(app.url, 'Rita')];
    for (const visit of [writer, reader]) await visit.get(`/rooms/${room}`);
    await writer.post(`/rooms/${room}/messages`, { message: 'hello' });
    await reader.post(`/rooms/${room}/commands`, { type: 'mark-read', id: 1 });
    const names = await (await reader.get(`/rooms/${room}/writers`)).json();
    assert.deepEqual(names, { names: ['Wanda'] });
  });

  test('are not there for a guest, whose browser stores them', async () => {
    const { port, room } = app.newRoom();
    const visit = new TestBrowser(app.url);
    assert.deepEqual(
      await errorOf(await visit.get('/memberships', { Accept: 'application/json' })),
      [401, 'sign-in-required'],
    );
    assert.equal((await visit.post('/memberships', { positions: [] })).status, 401);
    const guest = await createGuest(port);
    const refused = await guest.command(room, { type: 'mark-read', id: 1 });
    assert.equal(refused.status, 401);
  });

  test('are sent to a device that was disconnected when another one changed them', async (t) => {
    const { port, room } = app.newRoom();
    const guest = await createGuest(port);
    await guest.postMessage(room, 'one');
    const user = await signedIn(app.url, 'Lea', 'correct horse');
    const commands = `/rooms/${room}/commands`;
    await user.post(commands, { type: 'set-notifications', level: 'none' });
    await user.post(commands, { type: 'mark-read', id: 1 });
    const expected = '{"type":"membership","readId":1,"notifications":"none"}';
    const device = new TestUser(port, '', user.headers());
    const live = await device.live(t, room);
    await live.until((frames) => frames.includes(expected));
    // A page that polls fetches it with the state of the room.
    const state = await device.get(`/rooms/${room}/presence`, { Accept: 'application/json' });
    assert.ok((await state.text()).includes(expected));
    const other = await guest.get(`/rooms/${room}/presence`, { Accept: 'application/json' });
    assert.ok(!(await other.text()).includes('membership'));
  });

  test('follow over the socket when another device has read on', async (t) => {
    const { port, room } = app.newRoom();
    const guest = await createGuest(port);
    await guest.postMessage(room, 'one');
    const user = await signedIn(app.url, 'Ida', 'correct horse');
    const page = await guest.live(t, room);
    const device = new TestUser(port, '', user.headers());
    const live = await device.live(t, room);
    await live.until((frames) => frames.some((frame) => frame.includes('"synced"')));
    await user.post(`/rooms/${room}/commands`, { type: 'mark-read', id: 1 });
    await live.until((frames) =>
      frames.some((frame) =>
        frame.includes('{"type":"membership","readId":1,"notifications":null}'),
      ),
    );
    await guest.postMessage(room, 'two');
    await page.until((frames) => frames.some((frame) => frame.includes('"body":"two"')));
    assert.ok(!page.frames.some((frame) => frame.includes('membership')), 'for the user alone');
  });
});
