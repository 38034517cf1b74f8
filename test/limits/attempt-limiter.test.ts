import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AttemptLimiter } from '../../server/limits/attempt-limiter.ts';

const HOUR_MS = 60 * 60 * 1_000;

function failTimes(limiter: AttemptLimiter, key: string, count: number): void {
  for (let n = 0; n < count; n += 1) limiter.charge(key);
}

suite('The attempt limiter', () => {
  test('allows five failures; each further one doubles the wait, up to 15 minutes', () => {
    const limiter = new AttemptLimiter(() => 0);
    const waits = Array.from({ length: 18 }, () => {
      limiter.charge('ann');
      return limiter.waitSeconds('ann');
    });
    const doubled = [2, 4, 8, 16, 32, 64, 128, 256, 512];
    assert.deepEqual(waits, [0, 0, 0, 0, 0, ...doubled, 900, 900, 900, 900]);
    assert.equal(limiter.waitSeconds('bob'), 0, 'keys are independent');
  });

  test('ends a wait after its time, which it gives in whole seconds, rounded up', () => {
    let now = 0;
    const limiter = new AttemptLimiter(() => now);
    failTimes(limiter, 'ann', 7);
    now = 100;
    assert.equal(limiter.waitSeconds('ann'), 4);
    now = 3_001;
    assert.equal(limiter.waitSeconds('ann'), 1);
    now = 4_000;
    assert.equal(limiter.waitSeconds('ann'), 0);
    limiter.charge('ann');
    assert.equal(limiter.waitSeconds('ann'), 8, 'the failures still count after the wait');
  });

  test('takes back a failure that was none, and no others', () => {
    const limiter = new AttemptLimiter(() => 0);
    limiter.refund('ann');
    failTimes(limiter, 'ann', 7);
    limiter.refund('ann');
    assert.equal(limiter.waitSeconds('ann'), 2);
    limiter.refund('ann');
    assert.equal(limiter.waitSeconds('ann'), 0);
    limiter.charge('ann');
    assert.equal(limiter.waitSeconds('ann'), 2);
  });

  test('starts again after a success', () => {
    const limiter = new AttemptLimiter(() => 0);
    failTimes(limiter, 'ann', 9);
    limiter.reset('ann');
    failTimes(limiter, 'ann', 5);
    assert.equal(limiter.waitSeconds('ann'), 0);
  });

  test('starts again after an hour without a failure, however many attempts were refused', () => {
    let now = 0;
    const limiter = new AttemptLimiter(() => now);
    failTimes(limiter, 'ann', 9);
    now = HOUR_MS - 1;
    assert.equal(limiter.waitSeconds('ann'), 0);
    limiter.charge('ann');
    assert.equal(limiter.waitSeconds('ann'), 32);
    now += HOUR_MS;
    failTimes(limiter, 'ann', 5);
    assert.equal(limiter.waitSeconds('ann'), 0);
  });

  test('evicts the least recently used of more than 10,000 keys', () => {
    const limiter = new AttemptLimiter(() => 0);
    failTimes(limiter, 'first', 9);
    failTimes(limiter, 'second', 9);
    for (let n = 0; n < 9_998; n += 1) limiter.charge(`${n}`);
    assert.equal(limiter.waitSeconds('first'), 16);
    limiter.charge('one more');
    assert.equal(limiter.waitSeconds('second'), 0, 'it was the least recently used');
    assert.equal(limiter.waitSeconds('first'), 16);
  });
});
