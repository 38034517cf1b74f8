import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { openApp } from '../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../support/test-user.ts';

const COMMANDS = '/rooms/class/commands';

/** A room of Ada's with a poll of two votes, and Ben in it. */
async function openRoom(t: TestContext) {
  const { port } = await openApp(t);
  const ada = await signIn(port, 'Ada');
  await ada.createRoom('class');
  await ada.command('class', { type: 'create-poll', question: 'Which?', options: ['a', 'b'] });
  const { id } = await lastMessage(ada);
  const ben = await signIn(port, 'Ben');
  for (const user of [ada, ben]) await user.command('class', { type: 'set-votes', id, options: 0 });
  const socket = await ben.live(t, 'class');
  await socket.until((frames) => frames.some((frame) => /"voters":2/.test(frame)));
  return { port, ada, ben, id, socket };
}

async function lastMessage(user: TestUser) {
  const response = await user.get('/rooms/class/messages', { Accept: 'application/json' });
  return (await response.json()).messages.at(-1);
}

/** The text of the page that answers a form. */
async function answer(user: TestUser, fields: Readonly<Record<string, string>>): Promise<string> {
  const response = await user.submit(COMMANDS, fields);
  assert.equal(response.status, 200);
  return response.text();
}

suite('A form that destroys something', () => {
  test('is asked first, with what will be lost, and changes nothing before', async (t) => {
    const { ada, ben, id } = await openRoom(t);
    const before = await lastMessage(ada);
    const reset = await answer(ada, { type: 'reset-poll', id: `${id}` });
    assert.match(reset, /<h1[^>]*>Clear all votes\?<.*2 votes will be deleted/s);
    assert.match(reset, /name="id" value="\d+".*name="confirmed" value="on"/s);
    const clear = await answer(ada, { type: 'clear-history' });
    assert.match(clear, /1 message will be deleted for everyone.*href="\/rooms\/class\/settings"/s);
    const transfer = await answer(ada, { type: 'transfer-ownership', uid: ben.uid });
    assert.match(transfer, /Make \u2068Ben\u2069 the owner\?.*no longer own this room/s);
    const ban = { type: 'ban', uid: ben.uid, minutes: '10', address: 'on' };
    assert.match(await answer(ada, ban), /Ban \u2068Ben\u2069\?.*name="address" value="on"/s);
    assert.match(await answer(ada, { type: 'delete', id: `${id}` }), /Delete this message\?/);
    assert.deepEqual(await lastMessage(ada), before);
    assert.equal(await outcome(ben.get('/rooms/class/messages')), '200');
  });

  test('is executed once it is confirmed, which the settings say', async (t) => {
    const { ada, id, socket } = await openRoom(t);
    const confirmed = { confirmed: 'on' };
    const reset = { type: 'reset-poll', id: `${id}`, ...confirmed };
    assert.equal((await ada.submit(COMMANDS, reset)).status, 303);
    await socket.until((frames) => /"voters":0/.test(frames.at(-1) ?? ''));
    const cleared = await ada.submit(COMMANDS, { type: 'clear-history', ...confirmed });
    const settings = cleared.headers.get('location') ?? '';
    assert.equal(settings, '/rooms/class/settings?done=clear-history');
    const says = async (path: string) => (await ada.get(path, { Accept: 'text/html' })).text();
    assert.match(await says(settings), /role="status">History cleared\.</);
    const saved = await ada.submit(COMMANDS, { type: 'set-topic', text: 'Fish' });
    assert.match(await says(saved.headers.get('location') ?? ''), /role="status">Saved\.</);
    assert.doesNotMatch(await says('/rooms/class/settings'), /role="status"/);
  });

  test('can be asked about without sending it; what destroys nothing is not asked', async (t) => {
    const { port, ada, id } = await openRoom(t);
    const page = async (query: string, by = ada) =>
      by.get(`/rooms/class/confirm?${query}`, { Accept: 'text/html' });
    const text = await (await page(`type=reset-poll&id=${id}`)).text();
    assert.match(text, /2 votes will be deleted/);
    for (const query of ['', 'type=close-poll&id=1', 'type=reset-poll', 'type=unknown'])
      assert.equal((await page(query)).status, 400, query);
    assert.equal((await page('type=reset-poll&id=99')).status, 404);
    const guest = await createGuest(port);
    for (const query of [`type=reset-poll&id=${id}`, 'type=clear-history'])
      assert.equal((await page(query, guest)).status, 403, query);
    await ada.command('class', { type: 'set-password', password: 'sesame' });
    assert.equal((await page(`type=reset-poll&id=${id}`, guest)).status, 403);
  });

  test('is not asked of a program', async (t) => {
    const { ada, id } = await openRoom(t);
    assert.equal(await outcome(ada.command('class', { type: 'reset-poll', id })), '200');
    assert.equal((await lastMessage(ada)).voters, 0);
  });
});

test('A vote says in which round of the poll it was given: one of an earlier round is gone', async (t) => {
  const { ada, ben, id, socket } = await openRoom(t);
  await ada.command('class', { type: 'reset-poll', id });
  await ben.command('class', { type: 'set-votes', id, options: 1 });
  await socket.until((frames) =>
    frames.includes(JSON.stringify({ type: 'vote', poll: id, options: [1], round: 1 })),
  );
  const html = await (await ben.get('/rooms/class/votes', { Accept: 'text/html' })).text();
  assert.match(html, /data-round="1"/);
  const page = await (await ben.get('/rooms/class', { Accept: 'text/html' })).text();
  assert.match(page, /<article class="message poll"[^>]* data-round="1"/);
});
