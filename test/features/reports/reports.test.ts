import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { appender } from '../../../server/features/appender.ts';
import { queries } from '../../../server/features/queries.ts';
import { openDatabase } from '../../../server/features/schema.ts';
import { posted, roomAction, who } from '../../support/events.ts';
import { becomeOwner } from '../../support/owner.ts';
import { errorCodeOf } from '../../support/poll.ts';
import { openApp } from '../../support/server.ts';
import { createGuest, outcome, signIn, type TestUser } from '../../support/test-user.ts';

const ROOM = 'class';
const COMMANDS = `/rooms/${ROOM}/commands`;

/** A room of Bob's, with a message of a guest's. */
async function openRoom(t: TestContext) {
  const { port, ownerPath } = await openApp(t);
  const owner = await becomeOwner(port, ownerPath);
  const [bob, author, reader] = [
    await signIn(port, 'Bob'),
    await createGuest(port),
    await createGuest(port),
  ];
  await bob.createRoom(ROOM);
  await author.postMessage(ROOM, 'Buy <now>');
  const response = await bob.get(`/rooms/${ROOM}/messages`, { Accept: 'application/json' });
  const { id } = (await response.json()).messages.at(-1);
  return { owner, bob, author, reader, id };
}

async function read(user: TestUser, path: string): Promise<string> {
  const answer = await user.get(path, { 'Accept-Language': 'en' });
  assert.equal(answer.status, 200);
  return answer.text();
}

suite('A reported message', () => {
  test('is shown to the moderators of the room and to the owner of the server, with the reason.', async (t) => {
    const { owner, bob, reader, id } = await openRoom(t);
    assert.equal(
      await outcome(reader.command(ROOM, { type: 'report', id, reason: 'Spam & co' })),
      '200',
    );
    for (const [user, path] of [
      [bob, `/rooms/${ROOM}/settings`],
      [owner, '/admin/reports'],
    ] as const) {
      const page = await read(user, path);
      assert.match(page, /Buy &lt;now&gt;.*reported by 1 user · <q[^>]*>Spam &amp; co</s);
      assert.ok(!page.includes(reader.uid), 'not who reported it');
    }
    const dismissed = { type: 'dismiss-reports', id: `${id}`, back: 'reports' };
    const answer = await owner.submit(COMMANDS, dismissed);
    assert.equal(answer.headers.get('location'), '/admin/reports');
    assert.match(await read(owner, '/admin/reports'), /No reports are waiting/);
    await reader.command(ROOM, { type: 'report', id, reason: 'again' });
    assert.match(await read(owner, '/admin/reports'), /No reports are waiting/);
  });

  test('is reported by a form, which asks for the reason.', async (t) => {
    const { bob, author, reader, id } = await openRoom(t);
    const message = `/rooms/${ROOM}/messages/${id}`;
    assert.match(await read(reader, message), /name="type" value="report"/);
    assert.doesNotMatch(await read(author, message), /value="report"/);
    const asked = await read(reader, `/rooms/${ROOM}/confirm?type=report&id=${id}`);
    assert.match(asked, /Report this message\?.*name="reason"/s);
    const sent = { type: 'report', id: `${id}`, reason: 'rude', confirmed: 'on' };
    assert.equal((await reader.submit(COMMANDS, sent)).status, 303);
    assert.match(await read(bob, `/rooms/${ROOM}/settings`), /Reported messages.*rude/s);
    const question = { type: 'delete', id: `${id}`, back: 'settings' };
    const page = await (await bob.submit(COMMANDS, question)).text();
    assert.match(page, /name="back" value="settings"/);
    const deleted = await bob.submit(COMMANDS, { ...question, confirmed: 'on' });
    assert.equal(deleted.headers.get('location'), `/rooms/${ROOM}/settings`);
    assert.doesNotMatch(await read(bob, `/rooms/${ROOM}/settings`), /Reported messages/);
  });

  test('is not shown to its author, who may be a moderator, nor sent to anybody.', async (t) => {
    const { owner, bob, reader } = await openRoom(t);
    const socket = await bob.live(t, ROOM);
    const post = await bob.post(`/rooms/${ROOM}/messages`, { message: 'mine' });
    const { id } = ((await post.json()) as { message: { id: number } }).message;
    await reader.command(ROOM, { type: 'report', id });
    await reader.postMessage(ROOM, 'the end');
    const frames = await socket.until((all) => all.some((frame) => frame.includes('the end')));
    assert.ok(frames.every((frame) => !frame.includes('report')));
    assert.doesNotMatch(await read(bob, `/rooms/${ROOM}/settings`), /Reported messages/);
    const dismiss = { type: 'dismiss-reports', id };
    assert.equal(await outcome(bob.command(ROOM, dismiss)), '404 no-such-message');
    assert.match(await read(owner, '/admin/reports'), /mine/);
  });

  test('is refused where it is the own one, does not exist, or the reason is too long.', async (t) => {
    const { author, reader, bob, id } = await openRoom(t);
    const report = (user: TestUser, fields: object) =>
      outcome(user.command(ROOM, { type: 'report', id, ...fields }));
    assert.equal(await report(author, {}), '409 own-message');
    assert.equal(await report(reader, { id: 999 }), '404 no-such-message');
    assert.equal(await report(reader, { reason: 'x'.repeat(201) }), '400 invalid-reason');
    const dismiss = { type: 'dismiss-reports', id };
    assert.equal(await outcome(reader.command(ROOM, dismiss)), '403 not-moderator');
    await bob.command(ROOM, { type: 'delete', id });
    assert.equal(await report(reader, {}), '409 message-deleted');
  });
});

suite('Reports', () => {
  /** A store with messages of one user in the room. */
  function openStore(messages: number) {
    const db = openDatabase(':memory:');
    const append = appender(db);
    append(Array.from({ length: messages }, (_, n) => posted(`message ${n}`)));
    const report = (id: number, uid: string, at = 1_000) => {
      const event = {
        kind: 'message-reported' as const,
        room: ROOM,
        who: who(uid),
        id,
        reason: '',
        at,
      };
      return append([event])[0];
    };
    const list = (reader = 'mod', before = 1e9, limit = 25) =>
      queries(db).reports({ room: ROOM, reader, before, limit });
    return { db, append, report, list };
  }

  test('of one user are counted once for each message, and ten within an hour.', () => {
    const { report, list } = openStore(12);
    for (let id = 1; id <= 10; id += 1) report(id, 'ann');
    const again = report(1, 'ann');
    assert.ok(again && 'change' in again && !again.isNew);
    assert.equal(errorCodeOf(report(11, 'ann') ?? {}), 'rate-limited');
    report(1, 'bob');
    assert.equal(list().reported.find(({ message }) => message.id === 1)?.count, 2);
    const hourLater = report(11, 'ann', 1_000 + 60 * 60 * 1_000);
    assert.ok(hourLater && 'change' in hourLater);
  });

  test('that wait in a room are two hundred at most.', () => {
    const { report } = openStore(1);
    for (let n = 0; n < 200; n += 1) report(1, `user ${n}`);
    assert.equal(errorCodeOf(report(1, 'ann') ?? {}), 'too-many-reports');
  });

  test('are listed page by page, and gone when the history is cleared.', () => {
    const { append, report, list } = openStore(5);
    for (let id = 1; id <= 5; id += 1) report(id, 'ann');
    const first = list('mod', 1e9, 3);
    assert.deepEqual(
      first.reported.map(({ message }) => message.id),
      [5, 4, 3],
    );
    const second = list('mod', first.next, 3);
    assert.deepEqual(
      second.reported.map(({ message }) => message.id),
      [2, 1],
    );
    assert.equal(second.next, undefined);
    append([roomAction({ type: 'history-cleared' }, who('mod', { isModerator: true }))]);
    assert.deepEqual(list().reported, []);
  });
});
