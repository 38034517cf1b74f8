import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { afterEvent } from '../../server/core/cursor.ts';
import { RecentChanges } from '../../server/core/recent-changes.ts';
import { RenderedMessage } from '../../server/features/messages/rendered-message.ts';
import { Renderer } from '../../server/features/messages/renderer.ts';
import { messageOf } from '../support/messages.ts';

const LONGEST = 'x'.repeat(8_000);
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

suite('The newest of a room', () => {
  test('has the last hundred messages, however long they are', () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 150; n += 1) add({ body: LONGEST });
    assert.equal(ids().length, 100);
    assert.equal(ids()[0], 51);
    assert.equal(recent.hasEarlier, true);
    assert.equal(recent.historyStart, 50);
  });

  test('has fewer where they are large polls, and does not say that it has what it has not', () => {
    const { recent, add, ids } = openRecent();
    for (let n = 0; n < 50; n += 1) add(poll);
    assert.deepEqual(
      ids(),
      Array.from({ length: 10 }, (_, n) => n + 41),
    );
    assert.equal(recent.covers(afterEvent(39)), false);
    assert.equal(recent.covers(afterEvent(40)), true);
    // A change of one that was pushed out does not bring it back into the history.
    recent.add([new RenderedMessage(messageOf(3, { seq: 51 }))]);
    assert.equal(ids().includes(3), false);
  });

  test('keeps a megabyte of what they were rendered to, of the last', async () => {
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

  test('keeps few of the batches that it made, until the next change', async () => {
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
