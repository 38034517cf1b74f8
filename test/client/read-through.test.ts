import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readThrough } from '../../static/client/room/unread/read-through.ts';
import { UnreadCount } from '../../static/client/room/unread/unread-count.ts';

const others = (...ids: readonly number[]) => ids.map((id) => ({ id, counts: true }));
const own = (id: number) => ({ id, counts: false });
const through = (after: number, ...seen: readonly number[]) =>
  readThrough(others(1, 2, 3, 4, 5, 6), after, new Set(seen));

suite('The read position', () => {
  test('is the last message that was on the screen, with all before it', () => {
    assert.equal(through(2), 2);
    assert.equal(through(2, 3, 4), 4);
    assert.equal(through(6), 6);
  });

  test('stays before what a jump skipped, until that was on the screen, too', () => {
    assert.equal(through(2, 5, 6), 2);
    assert.equal(through(2, 3, 5, 6), 3);
    assert.equal(through(2, 3, 4, 5, 6), 6);
  });

  test('passes over what is not unread: own messages, deleted and system messages', () => {
    const messages = [...others(1), own(2), ...others(3), own(4)];
    assert.equal(readThrough(messages, 1, new Set()), 2);
    assert.equal(readThrough(messages, 1, new Set([3])), 4);
    assert.equal(readThrough([], 5, new Set()), 5);
  });
});

suite('The number of unread messages', () => {
  const far = { isComplete: false, newestId: 900 };

  test('is that on the page if the page has all of them', () => {
    const count = new UnreadCount();
    assert.equal(count.total({ here: 3, arrived: 0, isComplete: true, newestId: 900 }), 3);
    assert.equal(count.throughId, 900);
  });

  test('is what the server counted, without what was read and with what arrived since', () => {
    const count = new UnreadCount();
    count.counted(300, 800);
    assert.equal(count.total({ here: 100, arrived: 0, ...far }), 300);
    count.read([501, 502, 503]);
    assert.equal(count.total({ here: 97, arrived: 0, ...far }), 297);
    assert.equal(count.total({ here: 97, arrived: 2, ...far }), 299);
    count.read([801]);
    assert.equal(count.total({ here: 97, arrived: 1, ...far }), 298, 'it was not counted');
  });

  test('stays right when the page no longer has all of them', () => {
    const count = new UnreadCount();
    assert.equal(count.total({ here: 250, arrived: 0, isComplete: true, newestId: 900 }), 250);
    assert.equal(count.total({ here: 40, arrived: 0, ...far }), 250);
    count.counted(0, 900);
    assert.equal(count.total({ here: 0, arrived: 0, ...far }), 0, 'marked as read');
  });

  test('is no less than what is on the page, and never negative', () => {
    const count = new UnreadCount();
    assert.equal(count.total({ here: 7, arrived: 7, ...far }), 7);
    count.read([1, 2, 3]);
    assert.equal(count.total({ here: 0, arrived: 0, ...far }), 0);
  });
});
