import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffMs } from '../../static/client/connection/connection.ts';

test('the wait for the next attempt grows to half a minute, and is not the same for all', () => {
  assert.deepEqual([backoffMs(0, 0), backoffMs(0, 1)], [250, 500]);
  assert.deepEqual([backoffMs(3, 0), backoffMs(3, 1)], [2_000, 4_000]);
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
      const wait = backoffMs(failures, chance);
      assert.ok(wait >= 250 && wait <= 30_000);
      assert.ok(failures < 6 || wait >= 15_000);
    }),
  );
});
