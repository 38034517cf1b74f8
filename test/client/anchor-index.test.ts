import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { anchorIndex } from '../../static/client/room/anchor-index.ts';

const HEIGHT = 500;

/** The message that keeps its place among those that begin there. */
function anchorAmong(tops: readonly number[]): number {
  return anchorIndex(tops.length, (index) => tops[index] ?? Number.NaN, HEIGHT);
}

suite('The scroll anchor while messages change', () => {
  test('is the first message that begins in view', () => {
    assert.equal(anchorAmong([-900, -300, 100, 400]), 2);
    assert.equal(anchorAmong([0, 100]), 0, 'the upper edge is in view');
  });

  test('is the message that fills the view, where none begins in it', () => {
    assert.equal(anchorAmong([-900, -100, 600]), 1);
    assert.equal(anchorAmong([-900, -100]), 1);
    assert.equal(anchorAmong([-900, -100, HEIGHT]), 1, 'the lower edge is not in view');
  });

  test('is nothing where there are no messages, or all are below the view', () => {
    assert.equal(anchorAmong([]), -1);
    assert.equal(anchorAmong([600, 700]), -1);
  });

  test('is found by few measurements, and is what measuring each message would find', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9_999, max: 9_999 }), { maxLength: 300 }), (any) => {
        const tops = any.toSorted((a, b) => a - b);
        let looks = 0;
        const found = anchorIndex(
          tops.length,
          (index) => {
            looks += 1;
            return tops[index] ?? Number.NaN;
          },
          HEIGHT,
        );
        const first = tops.findIndex((top) => top >= 0 && top < HEIGHT);
        assert.equal(found, first >= 0 ? first : tops.findLastIndex((top) => top < 0));
        assert.ok(looks <= 11, `${looks}`);
      }),
    );
  });
});
