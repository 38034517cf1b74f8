import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pageOf } from '../../server/storage/page.ts';
import { messageOf } from '../support/messages.ts';

const rows = (count: number, body = 'x') =>
  Array.from({ length: count }, (_, n) => messageOf(n + 1, { body }));
const idsOf = ({ messages }: ReturnType<typeof pageOf>) => messages.map(({ id }) => id);

suite('A page of messages from the store', () => {
  test('has the requested number, and whether there are more', () => {
    for (const [count, ids, isMore] of [
      [0, [], false],
      [2, [1, 2], false],
      [3, [1, 2, 3], false],
      [4, [1, 2, 3], true],
    ] as const) {
      const page = pageOf(rows(count), 3, 1_000);
      assert.deepEqual(idsOf(page), ids);
      assert.equal(page.isMore, isMore, `of ${count}`);
    }
  });

  test('has fewer long messages, and at least one', () => {
    const page = pageOf(rows(10, 'x'.repeat(40)), 10, 100);
    assert.deepEqual(idsOf(page), [1, 2]);
    assert.equal(page.isMore, true);
    const single = pageOf(rows(2, 'x'.repeat(101)), 10, 100);
    assert.deepEqual([idsOf(single), single.isMore], [[1], true]);
    assert.equal(pageOf(rows(1, 'x'.repeat(101)), 10, 100).isMore, false);
  });

  test('reads no more rows than it needs', () => {
    let read = 0;
    function* endless() {
      for (;;) {
        read += 1;
        yield messageOf(read, { body: 'x'.repeat(50) });
      }
    }
    pageOf(endless(), 1_000, 200);
    assert.equal(read, 5);
  });
});
