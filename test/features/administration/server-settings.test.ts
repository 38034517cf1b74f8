import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { becomeOwner } from '../../support/owner.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

async function open(t: TestContext) {
  const { port, ownerPath } = await openApp(t);
  const owner = await becomeOwner(port, ownerPath);
  const [bob, guest] = [await signIn(port, 'Bob'), await createGuest(port)];
  const set = async (roomCreators: string, guestsMayWrite: boolean) => {
    const answer = await owner.post('/admin/settings', { roomCreators, guestsMayWrite });
    assert.equal(answer.status, 200);
  };
  return { port, owner, bob, guest, set };
}

const post = (user: TestUser, room: string) => outcome(user.postMessage(room, 'hello'));

suite('The settings of the server', () => {
  test('are changed by the owner alone, in a form.', async (t) => {
    const { owner, bob } = await open(t);
    const fields = { roomCreators: 'signed-in' };
    assert.equal(await outcome(bob.post('/admin/settings', fields)), '403 not-server-owner');
    const saved = await owner.submit('/admin/settings', fields);
    assert.equal(saved.headers.get('location'), '/admin/settings?done');
    const page = await (await owner.get('/admin/settings?done')).text();
    assert.match(page, /Saved\..*value="signed-in" selected.*name="guestsMayWrite">/s);
    const wrong = owner.post('/admin/settings', { roomCreators: 'nobody' });
    assert.equal(await outcome(wrong), '400 bad-request');
  });

  test('name and colour all pages, and stay where a program does not send them.', async (t) => {
    const { owner, guest } = await open(t);
    const look = {
      roomCreators: 'everyone',
      guestsMayWrite: 'on',
      name: ' Lab <7> ',
      accent: 'violet',
    };
    assert.equal((await owner.submit('/admin/settings', look)).status, 303);
    await owner.post('/admin/settings', { roomCreators: 'everyone', guestsMayWrite: true });
    for (const path of [
      '/rooms',
      '/rooms/lobby',
      '/sign-in',
      '/settings',
      '/rooms/lobby/plain',
      '/nowhere',
    ]) {
      const page = await (await guest.get(path, { Accept: 'text/html' })).text();
      assert.match(
        page,
        /<html [^>]*data-accent="violet".*<title>[^<]* · Lab &lt;7&gt;<\/title>/s,
        path,
      );
      assert.doesNotMatch(page, /Typhoon/, path);
    }
    await owner.submit('/admin/settings', { ...look, name: '' });
    assert.match(await (await guest.get('/rooms')).text(), / · Typhoon<\/title>/);
    for (const wrong of [{ accent: 'red' }, { name: 'x'.repeat(31) }, { name: 'a\0b' }])
      assert.equal(
        await outcome(owner.post('/admin/settings', { ...look, ...wrong })),
        '400 bad-request',
      );
  });

  test('say who can create rooms, by the form or with the first message.', async (t) => {
    const { owner, bob, guest, set } = await open(t);
    assert.equal(await post(guest, 'earlier'), '201');
    await set('signed-in', true);
    assert.equal(await post(guest, 'new'), '401 sign-in-required');
    assert.equal(await post(guest, 'earlier'), '201');
    assert.equal(await post(guest, 'lobby'), '201');
    assert.equal(await post(bob, 'new'), '201');
    await set('moderators', true);
    assert.equal(await outcome(bob.createRoom('garden')), '403 rooms-restricted');
    assert.equal(await post(bob, 'garden'), '403 rooms-restricted');
    assert.equal(await post(bob, 'new'), '201');
    assert.equal(await outcome(owner.createRoom('garden')), '201');
  });

  test('let guests only read, over every transport, at once and in rooms in use.', async (t) => {
    const { owner, bob, guest, set } = await open(t);
    const sent = await guest.post('/rooms/class/messages', { message: 'mine' });
    const { id } = ((await sent.json()) as { message: { id: number } }).message;
    const socket = await guest.live(t, 'class');
    await set('everyone', false);
    const state = await guest.get('/rooms/class/presence', { Accept: 'application/json' });
    assert.match(await state.text(), /"guestsMayWrite":false/);
    socket.post('over the socket');
    await socket.until((frames) => frames.some((frame) => /guests-read-only/.test(frame)));
    assert.equal(await post(guest, 'class'), '403 guests-read-only');
    assert.equal(await post(guest, 'unused'), '403 guests-read-only');
    const edit = { type: 'edit', id, message: 'changed' };
    assert.equal(await outcome(guest.command('class', edit)), '403 guests-read-only');
    const page = await (await guest.get('/rooms/class')).text();
    assert.match(page, /data-code="guests-read-only">On this server guests can read/);
    assert.equal(await post(bob, 'class'), '201');
    const poll = { type: 'create-poll', question: 'Which?', options: ['a', 'b'] };
    await owner.command('class', poll);
    const messages = await bob.get('/rooms/class/messages', { Accept: 'application/json' });
    const { id: pollId } = (await messages.json()).messages.at(-1);
    const vote = { type: 'set-votes', id: pollId, options: [0] };
    assert.equal(await outcome(guest.command('class', vote)), '200');
    await set('everyone', true);
    assert.equal(await post(guest, 'class'), '201');
  });
});
