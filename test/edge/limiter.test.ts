import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter } from '../../server/edge/limiter.ts';

test('so many pass at once, and then so many a second', () => {
  let now = 0;
  const limiter = new Limiter({ burst: 3, perSecond: 2 }, () => now);
  const take = (count: number) => Array.from({ length: count }, () => limiter.take());
  assert.deepEqual(take(4), [true, true, true, false]);
  now = 499;
  assert.deepEqual(take(1), [false]);
  now = 500;
  assert.deepEqual(take(2), [true, false]);
  now = 1_000_000;
  assert.deepEqual(take(4), [true, true, true, false], 'what was not taken does not add up');
});
