import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import {
  ackTimeoutMs,
  type Entry,
  Outbox,
  type Posted,
} from '../../static/client/connection/outbox.ts';
import { openStorages } from '../support/storage.ts';

const storages = openStorages();

const settled = () => new Promise(setImmediate);

interface Post {
  readonly cid: string;
  readonly signal: AbortSignal;
  readonly end: (posted: Posted) => void;
}

/** An outbox of a tab, over a connection of the test. */
function open() {
  const line = { isLive: true, isReceiveOnly: false, uid: 'me' };
  const sent: { cid: string; message: string }[] = [];
  const posts: Post[] = [];
  const stranded: string[] = [];
  let unanswered = 0;
  const outbox = new Outbox({
    room: 'room',
    isLive: () => line.isLive,
    uid: () => line.uid,
    send(text) {
      if (!line.isReceiveOnly) sent.push(JSON.parse(text));
      return !line.isReceiveOnly;
    },
    post: ({ cid }, signal) => new Promise((end) => posts.push({ cid, signal, end })),
    onUnanswered() {
      unanswered += 1;
    },
    onChange() {},
    onReleased: (entries) => void stranded.push(...texts(entries)),
  });
  return { outbox, line, sent, posts, stranded, unanswered: () => unanswered };
}

/** The same in a tab that has stored nothing, with a clock of the test. */
function openNew(t: TestContext) {
  storages.session.clear();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 1);
  return open();
}

function texts(entries: readonly Entry[]): string[] {
  return entries.map(({ command }) => command.message);
}

suite('Pending messages', () => {
  test('are sent in order, each when the message before it was acknowledged', (t) => {
    const { outbox, sent } = openNew(t);
    for (const message of ['one', 'two', 'three']) assert.ok(outbox.enqueue({ message }));
    assert.deepEqual(
      sent.map(({ message }) => message),
      ['one'],
    );
    assert.equal(outbox.acknowledge(sent[0]?.cid)?.command.message, 'one');
    assert.deepEqual(
      sent.map(({ message }) => message),
      ['one', 'two'],
    );
    outbox.acknowledge(sent[1]?.cid);
    outbox.acknowledge(sent[2]?.cid);
    assert.deepEqual(outbox.entries, []);
    const cids = sent.map(({ cid }) => cid);
    assert.equal(new Set(cids).size, 3);
    for (const cid of cids) assert.match(cid, /^[\w-]{8}$/);
  });

  test('wait for the connection, and are sent when it is live', (t) => {
    const { outbox, line, sent } = openNew(t);
    line.isLive = false;
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    assert.deepEqual(sent, []);
    assert.deepEqual(
      outbox.entries.map(({ wasSent }) => wasSent),
      [false, false],
    );
    line.isLive = true;
    outbox.resume();
    assert.deepEqual(
      sent.map(({ message }) => message),
      ['one'],
    );
  });

  test('that did not come back are sent again on a new connection, under the same ids', (t) => {
    const { outbox, sent } = openNew(t);
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    outbox.resume();
    const [first, again] = sent;
    assert.deepEqual(again, first);
    outbox.acknowledge(first?.cid);
    assert.equal(sent.at(-1)?.message, 'two');
  });

  test('survive a reload of the tab, and it is known which may have arrived', (t) => {
    const { outbox, sent } = openNew(t);
    outbox.enqueue({ message: 'one', reply: 7 }, [{ id: 'f1', name: 'a.txt', size: 1 } as never]);
    outbox.enqueue({ message: 'two' });
    const { outbox: after, sent: sentAfter } = open();
    assert.deepEqual(texts(after.entries), ['one', 'two']);
    assert.deepEqual(
      after.entries.map(({ wasSent }) => wasSent),
      [true, false],
    );
    after.resume();
    assert.deepEqual(sentAfter[0], sent[0]);
    assert.deepEqual(sentAfter[0], {
      ...{ cid: sent[0]?.cid, message: 'one', reply: 7, files: ['f1'] },
    });
  });

  test('are limited in number and in size: one more is not accepted, and nothing changes', (t) => {
    const { outbox, line } = openNew(t);
    line.isLive = false;
    for (let n = 0; n < 100; n += 1) assert.ok(outbox.enqueue({ message: `${n}` }));
    assert.equal(outbox.enqueue({ message: 'one more' }), false);
    assert.equal(outbox.entries.length, 100);
    outbox.release(outbox.entries);
    assert.equal(outbox.enqueue({ message: 'x'.repeat(200_000) }), false);
    assert.ok(outbox.enqueue({ message: 'x'.repeat(4_000) }));
  });

  test('that are cancelled are removed, and the next one is sent', (t) => {
    const { outbox, sent } = openNew(t);
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    const [one, two] = outbox.entries;
    assert.equal(outbox.acknowledge(two?.cid), two);
    assert.equal(outbox.acknowledge(one?.cid), one);
    assert.deepEqual(
      sent.map(({ message }) => message),
      ['one'],
    );
    assert.equal(outbox.acknowledge(one?.cid), undefined);
    assert.equal(outbox.acknowledge(undefined), undefined);
  });
});

suite('A message that the server does not accept just now', () => {
  test('stays the next one, and is sent again after a growing delay', (t) => {
    const { outbox, sent, unanswered } = openNew(t);
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    const cid = sent[0]?.cid;
    for (const ms of [1_000, 2_000, 4_000]) {
      assert.equal(outbox.retryLater(cid), true);
      const count = sent.length;
      t.mock.timers.tick(ms - 1);
      assert.equal(sent.length, count);
      t.mock.timers.tick(1);
      assert.equal(sent.length, count + 1);
    }
    assert.ok(sent.every(({ message }) => message === 'one'));
    assert.equal(unanswered(), 0, 'a refusal is an answer');
    outbox.acknowledge(cid);
    outbox.retryLater(sent.at(-1)?.cid);
    const count = sent.length;
    t.mock.timers.tick(1_000);
    assert.equal(sent.length, count + 1, 'the delay starts over');
  });

  test('and is no longer in the outbox is not tried again', (t) => {
    const { outbox, sent } = openNew(t);
    outbox.enqueue({ message: 'one' });
    const cid = sent[0]?.cid;
    outbox.acknowledge(cid);
    assert.equal(outbox.retryLater(cid), false);
    assert.equal(outbox.retryLater(undefined), false);
    t.mock.timers.tick(60_000);
    assert.equal(sent.length, 1);
  });
});

suite('Over a receive-only connection', () => {
  test('each message is posted by a request, after the one before it was accepted', async (t) => {
    const { outbox, line, posts } = openNew(t);
    line.isReceiveOnly = true;
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    assert.equal(posts.length, 1);
    posts[0]?.end('accepted');
    await settled();
    assert.equal(posts.length, 2);
    assert.deepEqual(texts(outbox.entries), ['one', 'two'], 'until they come back');
    posts[1]?.end('accepted');
    await settled();
    for (const { cid } of posts) outbox.acknowledge(cid);
    assert.deepEqual(outbox.entries, []);
  });

  test('what was accepted and has not come back is not posted again by a new connection', async (t) => {
    const { outbox, line, posts } = openNew(t);
    line.isReceiveOnly = true;
    outbox.enqueue({ message: 'one' });
    posts[0]?.end('accepted');
    await settled();
    outbox.resume();
    assert.deepEqual([outbox.entries, posts.length], [[], 1]);
  });

  test('a server out of reach is tried again after a growing delay', async (t) => {
    const { outbox, line, posts } = openNew(t);
    line.isReceiveOnly = true;
    outbox.enqueue({ message: 'one' });
    for (const ms of [1_000, 2_000]) {
      const count = posts.length;
      posts.at(-1)?.end('unreachable');
      await settled();
      t.mock.timers.tick(ms - 1);
      assert.equal(posts.length, count);
      t.mock.timers.tick(1);
      assert.equal(posts.length, count + 1);
    }
    assert.equal(new Set(posts.map(({ cid }) => cid)).size, 1);
  });

  test('a rejected message is left for its caller to restore, and the next is posted', async (t) => {
    const { outbox, line, posts } = openNew(t);
    line.isReceiveOnly = true;
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    outbox.acknowledge(posts[0]?.cid);
    posts[0]?.end('rejected');
    await settled();
    assert.equal(posts.length, 2);
    assert.deepEqual(texts(outbox.entries), ['two']);
  });

  test('a request that is never answered is aborted and repeated when the connection is new', async (t) => {
    const { outbox, line, posts } = openNew(t);
    line.isReceiveOnly = true;
    outbox.enqueue({ message: 'hello' });
    outbox.resume();
    const [lost, next] = posts;
    assert.deepEqual([posts.length, lost?.cid === next?.cid], [2, true]);
    assert.deepEqual([lost?.signal.aborted, next?.signal.aborted], [true, false]);
    lost?.end('unreachable');
    await settled();
    t.mock.timers.tick(4_000);
    assert.equal(posts.length, 2, 'the end of the one is not that of the other');
    outbox.acknowledge(next?.cid);
    assert.equal(next?.signal.aborted, false, 'what came back before its answer is left to end');
  });
});

suite('A message that was sent under another identity', () => {
  test('is not sent again, which might post it twice; what was not sent is', (t) => {
    const { outbox, line, sent, stranded } = openNew(t);
    outbox.enqueue({ message: 'one' });
    outbox.enqueue({ message: 'two' });
    line.uid = 'somebody else';
    outbox.resume();
    assert.deepEqual(stranded, ['one']);
    assert.deepEqual(texts(outbox.entries), ['two']);
    assert.equal(sent.at(-1)?.message, 'two');
  });

  test('that was unknown is sent again under the identity that the server has assigned', (t) => {
    const { outbox, line, sent, stranded } = openNew(t);
    line.uid = '';
    outbox.enqueue({ message: 'one' });
    line.uid = 'me';
    outbox.resume();
    assert.deepEqual([stranded, sent.length], [[], 2]);
  });

  test('is restored to the field where a duplicate of the tab may not send it', (t) => {
    const { outbox, stranded } = openNew(t);
    outbox.enqueue({ message: 'one' });
    outbox.release(outbox.entries);
    assert.deepEqual([stranded, outbox.entries], [['one'], []]);
    outbox.release([]);
    assert.deepEqual(stranded, ['one']);
  });
});

suite('What is sent', () => {
  for (const isReceiveOnly of [false, true]) {
    const how = isReceiveOnly ? 'by a request' : 'over the connection';
    test(`${how} and is not acknowledged within 5 s is reported, later and later`, async (t) => {
      const { outbox, line, posts, unanswered } = openNew(t);
      line.isReceiveOnly = isReceiveOnly;
      outbox.enqueue({ message: 'hello' });
      posts[0]?.end('accepted');
      await settled();
      t.mock.timers.tick(4_999);
      assert.equal(unanswered(), 0);
      t.mock.timers.tick(1);
      assert.equal(unanswered(), 1);
      if (isReceiveOnly) return;
      outbox.resume();
      t.mock.timers.tick(9_999);
      assert.equal(unanswered(), 1);
      t.mock.timers.tick(1);
      assert.equal(unanswered(), 2);
    });

    test(`${how} and is acknowledged is not reported`, async (t) => {
      const { outbox, line, posts, unanswered } = openNew(t);
      line.isReceiveOnly = isReceiveOnly;
      outbox.enqueue({ message: 'hello' });
      posts[0]?.end('accepted');
      await settled();
      t.mock.timers.tick(4_000);
      outbox.acknowledge(outbox.entries[0]?.cid);
      t.mock.timers.tick(60_000);
      assert.equal(unanswered(), 0);
    });
  }

  test('has a growing timeout, so that a slow server does not get ever more requests', () => {
    assert.deepEqual([0, 1, 2, 3, 9].map(ackTimeoutMs), [5_000, 10_000, 20_000, 40_000, 40_000]);
  });
});
