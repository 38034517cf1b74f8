import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { appender } from '../../server/features/appender.ts';
import type { Event } from '../../server/features/events.ts';
import type { ReactionToggled } from '../../server/features/reactions/events.ts';
import { openDatabase } from '../../server/features/schema.ts';
import { posted, roomAction, who } from '../support/events.ts';
import { openApp } from '../support/server.ts';
import { outcome, signIn, type TestUser } from '../support/test-user.ts';

const DAY = 24 * 60 * 60 * 1_000;
const ADA = who('ada');

/** A store with one message. */
function openStore() {
  const db = openDatabase(':memory:');
  const append = appender(db);
  const one = (event: Event) => append([event])[0];
  one(posted('hello'));
  const count = (table: string) =>
    Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  return { db, append, one, count };
}

const toggle = (
  commandId: string | undefined,
  more: Partial<ReactionToggled> = {},
): ReactionToggled => ({
  ...{ kind: 'reaction-toggled', room: 'class', who: ADA, id: 1, emoji: '👍', enabled: null },
  ...{ commandId, at: 1, ...more },
});

suite('A command with an id of its sender', () => {
  test('has the outcome of the first one, when it comes again', () => {
    const { one, count } = openStore();
    const first = one(toggle('a'));
    assert.ok(first && 'change' in first && first.isNew);
    const again = one(toggle('a', { at: 9, who: { ...ADA, name: 'Ada', address: 'elsewhere' } }));
    assert.ok(again && 'change' in again && !again.isNew);
    assert.deepEqual([again.change.seq, again.change.message?.id], [first.change.seq, 1]);
    assert.equal(count('reactions'), 1);
    one(toggle('b'));
    assert.equal(count('reactions'), 0);
    one(toggle('a', { who: who('ben') }));
    assert.equal(count('reactions'), 1, 'the ids of another user are others');
    one(toggle(undefined, { who: who('ben') }));
    assert.equal(count('reactions'), 0, 'without an id it is another command');
  });

  test('is refused where that was another command, and decided again where it was refused', () => {
    const { one } = openStore();
    one(toggle('a'));
    assert.deepEqual(one(toggle('a', { emoji: '🎉' })), { refused: 'cid-reused', details: {} });
    const missing = one(toggle('b', { id: 7 }));
    assert.ok(missing && 'refused' in missing);
    for (let id = 2; id < 8; id += 1) one(posted(`${id}`));
    const there = one(toggle('b', { id: 7 }));
    assert.ok(there && 'change' in there && there.isNew);
  });

  test('is the same with another salt of a password', () => {
    const { one } = openStore();
    const create = (passwordHash: string) =>
      roomAction(
        { type: 'room-created', title: 'T', topic: '', kind: 'chat', isListed: true, passwordHash },
        ADA,
        'new',
      );
    one({ ...create('one salt'), commandId: 'a' });
    const again = one({ ...create('another salt'), commandId: 'a' });
    assert.ok(again && 'change' in again && !again.isNew);
  });

  test('is remembered for a day, two at a time', () => {
    const { one, count } = openStore();
    for (const id of ['a', 'b', 'c']) one(toggle(id));
    one(toggle('d', { at: DAY }));
    assert.equal(count('executed'), 4);
    one(toggle('e', { at: DAY + 2 }));
    assert.equal(count('executed'), 3);
    one(toggle('f', { at: DAY + 2 }));
    assert.equal(count('executed'), 3);
  });

  test('is one of the last 100,000', () => {
    const { db, one, count } = openStore();
    one(toggle('a'));
    one(toggle('b'));
    db.exec("UPDATE executed SET id = 100000 WHERE cid = 'b'");
    assert.equal(count('executed'), 2);
    one(toggle('c'));
    assert.equal(count('executed'), 2);
  });
});

async function countOf(user: TestUser, type: string): Promise<number> {
  const answer = await user.get('/rooms/garden/messages', { Accept: 'application/json' });
  const { messages } = (await answer.json()) as { messages: { readonly type: string }[] };
  return messages.filter((message) => message.type === type).length;
}

/** The hidden client id of a form on a page. */
async function formId(user: TestUser, path: string, form: string): Promise<string> {
  const page = await (await user.get(path)).text();
  const [, cid = ''] =
    new RegExp(`id="${form}".*?name="cid" value="([\\w-]+)"`, 's').exec(page) ?? [];
  assert.ok(cid, page);
  return cid;
}

suite('A form that is sent twice', () => {
  test('makes one poll and one room; changed, after going back, it is another one', async (t) => {
    const { port } = await openApp(t);
    const ada = await signIn(port, 'Ada');
    const room = {
      title: 'Garden',
      kind: 'chat',
      password: 'open sesame',
      cid: await formId(ada, '/rooms', 'new-room'),
    };
    const created = [await ada.submit('/rooms', room), await ada.submit('/rooms', room)];
    assert.deepEqual(
      created.map(({ status, headers }) => [status, headers.get('location')]),
      [303, 303].map((status) => [status, '/rooms/garden']),
    );
    const poll = {
      ...{ type: 'create-poll', kind: 'choice', question: 'Which?', options: 'one\ntwo' },
      cid: await formId(ada, '/rooms/garden/new-poll', 'poll-form'),
    };
    for (let n = 0; n < 2; n += 1)
      assert.equal((await ada.submit('/rooms/garden/commands', poll)).status, 303);
    assert.equal(await countOf(ada, 'poll'), 1);
    await ada.submit('/rooms/garden/commands', { ...poll, question: 'And then?' });
    assert.equal(await countOf(ada, 'poll'), 2);
  });

  test('by a program, with the same id for something else, is refused', async (t) => {
    const { port } = await openApp(t);
    const ada = await signIn(port, 'Ada');
    await ada.createRoom('garden');
    const slow = { type: 'set-slow-mode', seconds: 30, cid: 'a' };
    assert.equal(await outcome(ada.command('garden', slow)), '200');
    assert.equal(await outcome(ada.command('garden', { ...slow, seconds: 0 })), '409 cid-reused');
    await ada.command('garden', { ...slow, seconds: 0, cid: 'b' });
    assert.equal(await outcome(ada.command('garden', slow)), '200');
    assert.equal(await countOf(ada, 'system'), 3, 'the first was not executed again');
  });
});
