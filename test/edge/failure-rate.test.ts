import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FailureRate } from '../../server/limits/failure-rate.ts';

const RATE = { burst: 3, perSecond: 1 / 10 } as const;

suite('Failures', () => {
  test('are free up to so many at once, and then one at a time', () => {
    let now = 0;
    const failures = new FailureRate(RATE, () => now);
    const waits = Array.from({ length: 4 }, () => {
      const before = failures.waitSeconds('ann');
      failures.recordFailure('ann');
      return before;
    });
    assert.deepEqual(waits, [0, 0, 0, 10]);
    assert.equal(failures.waitSeconds('ann'), 20);
    assert.equal(failures.waitSeconds('bob'), 0);
    now = 19_001;
    assert.equal(failures.waitSeconds('ann'), 1);
    now = 20_000;
    assert.equal(failures.waitSeconds('ann'), 0);
    now = 1_000_000;
    for (let n = 0; n < 3; n += 1) failures.recordFailure('ann');
    assert.equal(failures.waitSeconds('ann'), 10, 'what did not happen does not add up');
  });

  test('that were none are taken back, and no others', () => {
    const failures = new FailureRate(RATE, () => 0);
    failures.undoFailure('ann');
    for (let n = 0; n < 3; n += 1) failures.recordFailure('ann');
    failures.undoFailure('ann');
    assert.equal(failures.waitSeconds('ann'), 0);
    failures.recordFailure('ann');
    assert.equal(failures.waitSeconds('ann'), 10);
  });

  test('of more than 10,000 keys are forgotten for the one that has not failed for longest', () => {
    const failures = new FailureRate({ burst: 1, perSecond: 1 }, () => 0);
    for (const key of ['first', 'second']) failures.recordFailure(key);
    for (let n = 0; n < 9_998; n += 1) failures.recordFailure(`${n}`);
    failures.recordFailure('first');
    assert.equal(failures.waitSeconds('second'), 1, 'none of 10,000 is forgotten');
    failures.recordFailure('one more');
    assert.equal(failures.waitSeconds('second'), 0);
    assert.equal(failures.waitSeconds('first'), 2);
  });
});
