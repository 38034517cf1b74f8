import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RenderCache } from '../../../server/features/messages/render-cache.ts';
import { RenderedMessage } from '../../../server/features/messages/rendered-message.ts';
import { messageOf } from '../../support/messages.ts';

/** Much longer than what an entry costs besides. */
const LENGTH = 10_000;

function rendered(id: number, more = {}): RenderedMessage {
  const message = new RenderedMessage(messageOf(id, more), () => 'x'.repeat(LENGTH));
  message.text('en');
  return message;
}

suite('The cache of rendered messages', () => {
  test('is bounded, and drops what was not requested for longest', () => {
    const cache = new RenderCache(10 * LENGTH);
    for (let id = 1; id <= 100; id += 1) {
      cache.add(rendered(id));
      assert.ok(cache.find(messageOf(1)), `the first is still found at ${id}`);
    }
    const found = Array.from({ length: 100 }, (_, n) => cache.find(messageOf(n + 1)));
    const count = found.filter((message) => message !== undefined).length;
    assert.ok(count >= 8 && count <= 21, `${count} are found`);
    assert.ok(found.at(-1), 'the last one is');
  });

  test('has a message only in its latest state, and drops earlier ones', () => {
    const cache = new RenderCache();
    const first = rendered(1);
    cache.add(first);
    assert.equal(cache.find(messageOf(1)), first);
    assert.equal(cache.find(messageOf(1, { seq: 5 })), undefined);
    assert.equal(cache.find(messageOf(1)), undefined);
  });

  test('does not replace the latest state by one that was read before the change', () => {
    const cache = new RenderCache();
    const now = rendered(1, { seq: 5 });
    cache.add(now);
    cache.add(rendered(1));
    assert.equal(cache.find(messageOf(1)), undefined);
    assert.equal(cache.find(messageOf(1, { seq: 5 })), now);
  });

  test('drops the messages of a room that is cleared, and of no other room', () => {
    const cache = new RenderCache(5 * LENGTH);
    for (const id of [1, 2, 3, 4]) cache.add(rendered(id, { room: id === 2 ? 'other' : 'room' }));
    cache.clear('room', 3);
    const left = [1, 2, 3, 4].filter((id) => cache.find(messageOf(id)));
    assert.deepEqual(left, [2, 4]);
  });
});
