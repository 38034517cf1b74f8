import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { becomeOwner } from '../../support/owner.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const PAGES = ['', '/people', '/rooms', '/restrictions', '/actions'] as const;

/** A page for the owner, as text. */
async function read(user: TestUser, path: string): Promise<string> {
  const answer = await user.get(`/admin${path}`, { 'Accept-Language': 'en' });
  assert.equal(answer.status, 200);
  return answer.text();
}

suite('The pages of the owner', () => {
  test('are for the owner alone.', async (t) => {
    const { port, ownerPath } = await openApp(t, { moderatorKey: 'tulip in the snow' });
    const owner = await becomeOwner(port, ownerPath);
    const moderator = await signIn(port, 'Bob');
    await moderator.post('/session/moderator', { key: 'tulip in the snow' });
    const guest = await createGuest(port);
    for (const path of PAGES) {
      for (const user of [moderator, guest]) {
        const answer = await user.get(`/admin${path}`);
        assert.equal(answer.status, 403);
        assert.match(await answer.text(), /Only the owner of the server can do this/);
      }
      assert.match(await read(owner, path), /<h1>Administration<\/h1>/);
    }
    const signOut = { uid: owner.uid };
    assert.equal(await outcome(moderator.post('/admin/sign-out', signOut)), '403 not-server-owner');
    assert.equal((await owner.get('/settings')).status, 200);
  });

  test('show the version, the connections, the rooms and what is in them.', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const owner = await becomeOwner(port, ownerPath);
    const bob = await signIn(port, 'Bob');
    await bob.createRoom('garden', { title: 'Garden & <b>co</b>' });
    for (const text of ['one', 'two']) await bob.postMessage('garden', text);
    await bob.live(t, 'garden');
    assert.match(await read(owner, ''), /Typhoon \d.*1 connection</s);
    const rooms = await read(owner, '/rooms');
    assert.match(
      rooms,
      /Garden &amp; &lt;b&gt;co&lt;\/b&gt;.*owner <bdi>Bob.*1 online · 3 messages \(\d+ B\)/s,
    );
  });

  test('list what moderators deleted of others, also by itself.', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const owner = await becomeOwner(port, ownerPath);
    const [bob, eve] = [await signIn(port, 'Bob'), await signIn(port, 'Eve')];
    await bob.createRoom('garden', { title: 'Garden' });
    const remove = async (by: TestUser, author: TestUser) => {
      const { message } = (await (await author.postMessage('garden', 'zqtext')).json()) as {
        message: { id: number };
      };
      assert.equal(await outcome(by.command('garden', { type: 'delete', id: message.id })), '200');
    };
    await remove(bob, eve);
    await remove(eve, eve);
    const deletion = /Bob\S* deleted a message from \S*Eve/g;
    const all = await read(owner, '/actions');
    assert.equal([...all.matchAll(deletion)].length, 1);
    assert.match(all, /Bob\S* deleted.*Bob\S* created/s);
    const alone = await read(owner, '/actions?kind=deletions');
    assert.equal([...alone.matchAll(deletion)].length, 1);
    assert.doesNotMatch(alone, /created|zqtext|Eve\S* deleted/);
    for (let n = 0; n < 26; n += 1) await remove(bob, eve);
    const [, next = ''] =
      /href="(\?[^"]+)">Next page/.exec(await read(owner, '/actions?kind=deletions')) ?? [];
    const second = await read(owner, `/actions${next.replaceAll('&amp;', '&')}`);
    assert.equal([...second.matchAll(deletion)].length, 2);
  });

  test('list the names page by page, and find them by how they start.', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const owner = await becomeOwner(port, ownerPath);
    const names = Array.from({ length: 26 }, (_, n) => `User ${10 + n}`);
    for (const name of names) await signIn(port, name);
    const listed = (page: string) =>
      [...page.matchAll(/<li>\s*<b><bdi>(.*?)<\/bdi>/g)].map(([, name]) => name);
    const first = await read(owner, '/people?search=user');
    const [, next = ''] = /class="button quiet" href="(\?[^"]+)"/.exec(first) ?? [];
    const second = await read(owner, `/people${next.replaceAll('&amp;', '&')}`);
    assert.deepEqual([...listed(first), ...listed(second)].toSorted(), names);
    assert.deepEqual(listed(await read(owner, '/people?search=USER+12')), ['User 12']);
    assert.deepEqual(listed(await read(owner, '/people?search=x')), []);
    const long = await owner.get(`/admin/people?search=${'x'.repeat(201)}`);
    assert.equal(long.status, 400);
  });

  test('end all sessions of a user, after they have asked.', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const owner = await becomeOwner(port, ownerPath);
    const bob = await signIn(port, 'Bob');
    const socket = await bob.live(t, 'garden');
    const asked = await (await owner.submit('/admin/sign-out', { uid: bob.uid })).text();
    assert.match(asked, /Sign out .*Bob.* everywhere\?/);
    assert.equal((await bob.postMessage('garden', 'still here')).status, 201);
    const confirmed = { uid: bob.uid, confirmed: 'on' };
    assert.equal((await owner.submit('/admin/sign-out', confirmed)).status, 303);
    assert.equal(await socket.closed, 1008);
    assert.equal(await outcome(bob.post('/session/end', {})), '401 session-expired');
    // The name had no password.
    await signIn(port, 'Bob');
    assert.equal(await outcome(owner.post('/admin/sign-out', { uid: 'x' })), '400 bad-request');
  });

  test('list who is muted and banned, lift it, and say what moderators did.', async (t) => {
    const { port, ownerPath } = await openApp(t);
    const owner = await becomeOwner(port, ownerPath);
    const bob = await signIn(port, 'Bob');
    const guest = await createGuest(port);
    await bob.createRoom('garden', { title: 'Garden' });
    await guest.postMessage('garden', 'noise');
    await bob.command('garden', { type: 'ban', uid: guest.uid, minutes: null });
    const name = `guest ${guest.uid.slice(0, 6)}`;
    assert.match(
      await read(owner, '/restrictions'),
      new RegExp(`${name}.*banned.*permanently`, 's'),
    );
    const lift = { type: 'lift-restrictions', uid: guest.uid, back: 'restrictions' };
    const lifted = await owner.submit('/rooms/garden/commands', lift);
    assert.equal(lifted.headers.get('location'), '/admin/restrictions');
    assert.match(await read(owner, '/restrictions'), /No one is muted or banned/);
    const actions = await read(owner, '/actions');
    assert.match(actions, /Ada.*lifted.*Bob.*banned/s);
    assert.equal((await owner.get('/admin/actions?before=x')).status, 400);
  });
});
