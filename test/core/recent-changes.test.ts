import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { afterEvent, START } from '../../server/core/cursor.ts';
import { RecentChanges } from '../../server/core/recent-changes.ts';
import { RenderedMessage } from '../../server/features/messages/rendered-message.ts';
import { Renderer } from '../../server/features/messages/renderer.ts';
import { messageOf } from '../support/messages.ts';

const LONG_TEXT = 'x'.repeat(8_000);
const poll = { body: 'x'.repeat(100_000) };

function openRecent() {
  const recent = new RecentChanges('epoch', new Renderer());
  let seq = 0;
  const add = (more = {}) => {
    seq += 1;
    recent.add([new RenderedMessage(messageOf(seq, more), () => 'y'.repeat(30_000))]);
    return seq;
  };
  return { recent, add, ids: () => recent.history.map(({ id }) => id) };
}

suite('The recent changes of a room', () => {
  test('include the last hundred messages, however long they are', () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 150; n += 1) add({ body: LONG_TEXT });
    assert.equal(ids().length, 100);
    assert.equal(ids()[0], 51);
    assert.equal(recent.hasEarlier, true);
    assert.equal(recent.historyStart, 50);
  });

  test('include fewer large polls, and do not cover what they have dropped', () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 50; n += 1) add(poll);
    assert.deepEqual(
      ids(),
      Array.from({ length: 10 }, (_, n) => n + 41),
    );
    assert.equal(recent.covers(afterEvent(39)), false);
    assert.equal(recent.covers(afterEvent(40)), true);
    // A change of a dropped message does not bring it back into the history.
    recent.add([new RenderedMessage(messageOf(3, { seq: 51 }))]);
    assert.equal(ids().includes(3), false);
  });

  test('keep a megabyte of rendered messages, the latest', async () => {
    const { recent, add } = openRecent();
    const body = 'x'.repeat(1_000);
    for (let n = 0; n < 100; n += 1) {
      add({ body });
      for (const message of recent.history) message.text('en');
    }
    add({ body });
    const rendered = recent.history.filter((message) => message.isRendered('en'));
    assert.ok(rendered.length >= 30 && rendered.length <= 36, `${rendered.length}`);
    assert.ok(rendered.includes(recent.history.at(-2) as RenderedMessage));
  });

  test('leave out the changes of messages up to a floor, and no others', async () => {
    const { recent, add } = openRecent();
    for (let n = 0; n < 3; n += 1) add();
    const batch = await recent.after(START, 2, { type: 'en', address: 'a' });
    assert.deepEqual(
      batch?.fragments.map(({ id }) => id),
      [3],
    );
  });

  test('keep the event that cleared the room, and nothing before it', async () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 3; n += 1) add();
    recent.clear(3);
    const batch = await recent.after(afterEvent(2), 0, { type: 'en', address: 'a' });
    assert.deepEqual(
      batch?.fragments.map(({ id }) => id),
      [3],
    );
    assert.deepEqual(
      [ids(), recent.covers(afterEvent(2)), recent.covers(afterEvent(1))],
      [[3], true, false],
    );
  });

  test('cover the event whose changes they begin with from the first of them that they have', () => {
    const { recent } = openRecent();
    const messages = [3, 4].map((id) => new RenderedMessage(messageOf(id, { seq: 5 })));
    recent.seed({ messages: [], isMore: true }, { messages, isMore: true });
    assert.equal(recent.covers({ seq: 5, id: 2 }), true);
    assert.equal(recent.covers({ seq: 5, id: 1 }), false);
    assert.equal(recent.covers(afterEvent(4)), false);
  });

  test('keep few of the batches that were built, until the next change', async () => {
    const { recent, add } = openRecent();
    for (let n = 0; n < 100; n += 1) add();
    const reader = { type: 'json', address: 'a' } as const;
    const first = await recent.after(afterEvent(1), 0, reader);
    assert.equal(await recent.after(afterEvent(1), 0, reader), first);
    for (let seq = 2; seq < 40; seq += 1) await recent.after(afterEvent(seq), 0, reader);
    assert.notEqual(await recent.after(afterEvent(1), 0, reader), first);
    const again = await recent.after(afterEvent(1), 0, reader);
    add();
    assert.notEqual(await recent.after(afterEvent(1), 0, reader), again);
  });
});

suite('When messages expire, the recent changes of a room', () => {
  test('leave them out, and cover what comes after the others', () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 150; n += 1) add();
    recent.expire(60);
    assert.equal(ids()[0], 61);
    assert.equal(recent.hasEarlier, false);
    assert.equal(recent.end.seq, 150);
    assert.equal(recent.covers(afterEvent(149)), true);
  });

  test('keep their end where the message changed last has expired', () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 3; n += 1) add();
    recent.add([new RenderedMessage(messageOf(1, { seq: 4 }), () => '')]);
    recent.expire(1);
    assert.deepEqual(ids(), [2, 3]);
    assert.equal(recent.end.seq, 4);
    assert.equal(recent.covers(afterEvent(4)), true);
    assert.equal(recent.covers(afterEvent(3)), false);
  });
});
