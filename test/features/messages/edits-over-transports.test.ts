import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type Client, isMessage, join, parseFragment } from '../../support/client.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

interface Shown {
  readonly type: string;
  readonly id: number;
  readonly seq: number;
  readonly body: string;
  readonly edited: string | null;
  readonly reply: { readonly id: number; readonly text: string | null } | null;
  readonly reactions: readonly { readonly emoji: string; readonly count: number }[];
}

async function openRoom(t: TestContext) {
  const { port, url } = await openApp(t);
  const [ada, ben] = [await signIn(port, 'Ada'), await createGuest(port)];
  return { port, url, ada, ben };
}

/** Posts a message, and returns its id. */
async function postMessage(guest: TestUser, message: string, reply?: number): Promise<number> {
  const answer = await guest.post('/rooms/room/messages', { message, reply });
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { message: Shown }).message.id;
}

async function messageOf(guest: TestUser, id: number): Promise<Shown> {
  const answer = await guest.get(`/rooms/room/messages/${id}`, { Accept: 'application/json' });
  assert.equal(answer.status, 200);
  return (await answer.json()) as Shown;
}

async function live(t: TestContext, guest: TestUser): Promise<Client> {
  const client = await guest.live(t, 'room');
  await client.until((frames) => frames.some((frame) => frame.includes('"synced"')));
  return client;
}

/** A connection with Tornado's protocol. */
function chat(t: TestContext, guest: TestUser): Promise<Client> {
  return join(t, guest.port, '/chat?room=room', { headers: guest.headers });
}

/** The error code of a command that is rejected. */
async function errorCodeOf(client: Client, command: object): Promise<string> {
  const count = client.frames.length;
  client.send(JSON.stringify(command));
  // A heartbeat may come before.
  const errorOf = (frames: readonly string[]) =>
    frames.slice(count).find((frame) => JSON.parse(frame).type === 'error');
  return JSON.parse(errorOf(await client.until((frames) => !!errorOf(frames))) ?? '').code;
}

/** The states of a message that a client received. */
const changes = (client: Client, id: number): Shown[] =>
  client.frames.map((frame) => JSON.parse(frame)).filter((event) => event.id === id);

suite('A change of a message', () => {
  test('is rejected on the WebSocket and by POST alike, and changes nothing', async (t) => {
    const { ada, ben } = await openRoom(t);
    const id = await postMessage(ada, 'of Ada');
    const gone = await postMessage(ben, 'of Ben');
    const own = await postMessage(ben, 'of Ben, too');
    assert.equal(await outcome(ben.command('room', { type: 'delete', id: gone })), '200');
    const client = await live(t, ben);
    const before = await messageOf(ada, id);
    for (const [command, status, code] of [
      [{ type: 'edit', id, message: 'of Ben' }, 403, 'not-author'],
      [{ type: 'delete', id }, 403, 'not-moderator'],
      [{ type: 'edit', id: gone, message: 'back' }, 409, 'message-deleted'],
      [{ type: 'react', id: gone, emoji: '👍' }, 409, 'message-deleted'],
      [{ type: 'edit', id: 999, message: 'x' }, 404, 'no-such-message'],
      [{ type: 'react', id: 999, emoji: '👍' }, 404, 'no-such-message'],
      [{ type: 'react', id, emoji: 'fine' }, 400, 'invalid-emoji'],
      [{ type: 'react', id, emoji: '👍👍' }, 400, 'invalid-emoji'],
      [{ type: 'edit', id: own, message: '  ' }, 400, 'empty-message'],
      [{ type: 'edit', id, message: 'x'.repeat(4_001) }, 413, 'too-long'],
      [{ type: 'edit', id }, 400, 'missing-message'],
      [{ type: 'edit', message: 'x' }, 400, 'unknown-action'],
    ] as const) {
      assert.equal(await outcome(ben.command('room', command)), `${status} ${code}`);
      assert.equal(await errorCodeOf(client, command), code);
    }
    for (const [reply, status, code] of [
      [gone, 409, 'message-deleted'],
      [999, 404, 'no-such-message'],
      ['what?', 404, 'no-such-message'],
    ] as const) {
      const answer = ben.post('/rooms/room/messages', { message: 'yes', reply });
      assert.equal(await outcome(answer), `${status} ${code}`);
      assert.equal(await errorCodeOf(client, { message: 'yes', reply }), code);
    }
    assert.deepEqual(await messageOf(ada, id), before);
    const form = await ben.submit('/rooms/room/commands', {
      type: 'edit',
      id: `${id}`,
      message: 'x',
    });
    assert.equal(form.status, 403);
    assert.match(await form.text(), /only edit your own/);
  });

  test('reaches all waiters as the message in its new state: edited, answered, reacted to, deleted', async (t) => {
    const { ada, ben } = await openRoom(t);
    const id = await postMessage(ada, 'first words');
    const reply = await postMessage(ben, 'an answer', id);
    const [one, two] = [await live(t, ada), await live(t, ben)];
    assert.equal((await messageOf(ben, reply)).reply?.text, 'first words');
    for (const guest of [ada, ben]) {
      assert.equal(await outcome(guest.command('room', { type: 'react', id, emoji: '❤' })), '200');
    }
    two.send(JSON.stringify({ type: 'react', id, emoji: '❤️' }));
    one.send(JSON.stringify({ type: 'edit', id, message: 'other words' }));
    for (const client of [one, two]) {
      await client.until(() => changes(client, id).at(-1)?.body === 'other words');
      const shown = changes(client, id).at(-1);
      assert.deepEqual(
        shown?.reactions.map(({ emoji, count }) => [emoji, count]),
        [['❤️', 1]],
      );
      assert.ok(Date.parse(shown?.edited ?? '') > 0);
      assert.equal(changes(client, reply).at(-1)?.reply?.text, null);
    }
    one.send(JSON.stringify({ type: 'delete', id }));
    await two.until(() => changes(two, id).at(-1)?.type === 'deleted');
    for (const path of ['', '/plain', '/messages', '/messages?before=99']) {
      const page = await (await ben.get(`/rooms/room${path}`)).text();
      assert.ok(page.includes('an answer') && !/(first|other) words/.test(page), path);
    }
  });

  test('can be repeated after a connection was lost: the same is no second change', async (t) => {
    const { ada } = await openRoom(t);
    const id = await postMessage(ada, 'one');
    for (let n = 0; n < 2; n += 1) {
      assert.equal(await outcome(ada.command('room', { type: 'edit', id, message: 'two' })), '200');
    }
    assert.equal((await messageOf(ada, id)).seq, id + 1);
  });

  test('needs no script: the page of a message has a form for each', async (t) => {
    const { ada, ben } = await openRoom(t);
    const id = await postMessage(ada, '<b>& words');
    const page = async (guest: TestUser) =>
      (await guest.get(`/rooms/room/messages/${id}`, { Accept: 'text/html' })).text();
    const [own, other] = [await page(ada), await page(ben)];
    for (const what of ['edit', 'delete']) {
      assert.ok(own.includes(`name="type" value="${what}"`) && !other.includes(`value="${what}"`));
    }
    assert.ok(own.includes('\n&lt;b&gt;&amp; words</textarea>') && !own.includes('<b>& words'));
    const commands = '/rooms/room/commands';
    const of = { id: `${id}` };
    assert.equal(
      (await ada.submit(commands, { type: 'edit', ...of, message: 'others' })).status,
      303,
    );
    assert.equal((await ben.submit(commands, { type: 'react', ...of, emoji: '🎉' })).status, 303);
    const answer = { message: 'yes', reply: `${id}` };
    assert.equal((await ben.submit('/rooms/room/messages', answer)).status, 303);
    const { body, reactions } = await messageOf(ben, id);
    assert.deepEqual([body, reactions[0]?.emoji], ['others', '🎉']);
    assert.match(
      await (await ben.get('/rooms/room/plain')).text(),
      /class="quote[^"]*" href="\/rooms\/room\?at=\d+"/,
    );
    assert.equal((await ada.submit(commands, { type: 'delete', ...of })).status, 200);
    assert.match(await page(ada), /<textarea/, 'it asks first');
    const confirmed = { type: 'delete', ...of, confirmed: 'on' };
    assert.equal((await ada.submit(commands, confirmed)).status, 303);
    assert.ok(!(await page(ada)).includes('<textarea'));
    assert.equal(
      await outcome(ada.get('/rooms/room/messages/99', JSON_ONLY)),
      '404 no-such-message',
    );
  });
});

const JSON_ONLY = { Accept: 'application/json' };

suite("Over Tornado's protocol", () => {
  test('only new messages go out, each once, however they changed since', async (t) => {
    const { ada, ben } = await openRoom(t);
    const early = await chat(t, ben);
    await early.waitForFrames(1);
    const id = await postMessage(ada, 'first');
    await postMessage(ben, 'second', id);
    const bad = await postMessage(ada, 'third');
    await ada.command('room', { type: 'react', id, emoji: '👍' });
    await ada.command('room', { type: 'edit', id, message: 'first, edited' });
    await ada.command('room', { type: 'delete', id: bad });
    await ada.command('room', { type: 'create-poll', question: 'Which?', options: ['a', 'b'] });
    const { messages } = (await (await ada.get('/rooms/room/messages', JSON_ONLY)).json()) as {
      messages: readonly Shown[];
    };
    await ada.command('room', { type: 'react', id: messages.at(-1)?.id, emoji: '👍' });
    await postMessage(ben, 'last');
    const isLast = (frames: readonly string[]) => frames.some((frame) => frame.includes('last'));
    const frames = await early.until(isLast);
    assert.deepEqual(
      frames
        .slice(1)
        .map(parseFragment)
        .map(({ body }) => body),
      [...['first', 'second', 'third', undefined, 'last']],
    );
    const late = await chat(t, ben);
    const [uid, ...history] = await late.until(isLast);
    assert.ok(uid && !isMessage(uid));
    assert.deepEqual(
      history.map((frame) => (isMessage(frame) ? parseFragment(frame).body : frame)),
      ['first, edited', 'second', undefined, 'last'],
      'the history has what is left, in its order',
    );
    const page = await (await ben.get('/rooms/room/messages')).text();
    for (const frame of history) assert.ok(page.includes(frame), 'rendered the same way');
  });

  test('a client that joins a long history receives it whole and in order, whatever changed', async (t) => {
    const { ada, ben } = await openRoom(t);
    const ids: number[] = [];
    for (let n = 0; n < 150; n += 1) ids.push(await postMessage(ada, `${n} ${'x'.repeat(1_000)}`));
    for (const id of ids.filter((_, index) => index % 7 === 0))
      await ben.command('room', { type: 'react', id, emoji: '👍' });
    const client = await chat(t, ben);
    const frames = await client.waitForFrames(101);
    const received = frames.slice(1).map((frame) => parseFragment(frame).id);
    assert.deepEqual(received, ids.slice(-100));
  });
});

test('Changes of old messages do not push the history out for a client that joins', async (t) => {
  const { ada, ben } = await openRoom(t);
  const ids: number[] = [];
  for (let n = 0; n < 320; n += 1) ids.push(await postMessage(ada, `${n}`));
  for (const id of ids.slice(0, 205)) await ben.command('room', { type: 'react', id, emoji: '👍' });
  const expected = ids.slice(-100);
  const answer = await ben.get('/rooms/room/messages', JSON_ONLY);
  const { messages } = (await answer.json()) as { messages: readonly Shown[] };
  assert.deepEqual(
    messages.map(({ id }) => id),
    expected,
  );
  const client = await live(t, ben);
  const received = client.frames.map((frame) => JSON.parse(frame)).flatMap(({ id }) => id ?? []);
  assert.deepEqual(received, expected);
});
