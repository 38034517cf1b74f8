import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AttemptLimiter } from '../../server/limits/attempt-limiter.ts';

const HOUR_MS = 60 * 60 * 1_000;

function failTimes(backoff: AttemptLimiter, key: string, count: number): void {
  for (let n = 0; n < count; n += 1) backoff.charge(key);
}

suite('The attempt limiter', () => {
  test('allows five failures; each further one doubles the wait, up to 15 minutes', () => {
    const backoff = new AttemptLimiter(() => 0);
    const waits = Array.from({ length: 18 }, () => {
      backoff.charge('ann');
      return backoff.waitSeconds('ann');
    });
    const doubled = [2, 4, 8, 16, 32, 64, 128, 256, 512];
    assert.deepEqual(waits, [0, 0, 0, 0, 0, ...doubled, 900, 900, 900, 900]);
    assert.equal(backoff.waitSeconds('bob'), 0, 'nobody waits for another');
  });

  test('ends a wait after its time, which it gives in whole seconds, rounded up', () => {
    let now = 0;
    const backoff = new AttemptLimiter(() => now);
    failTimes(backoff, 'ann', 7);
    now = 100;
    assert.equal(backoff.waitSeconds('ann'), 4);
    now = 3_001;
    assert.equal(backoff.waitSeconds('ann'), 1);
    now = 4_000;
    assert.equal(backoff.waitSeconds('ann'), 0);
    backoff.charge('ann');
    assert.equal(backoff.waitSeconds('ann'), 8, 'a wait that has passed is not forgotten');
  });

  test('takes back a failure that was none, and no others', () => {
    const backoff = new AttemptLimiter(() => 0);
    backoff.refund('ann');
    failTimes(backoff, 'ann', 7);
    backoff.refund('ann');
    assert.equal(backoff.waitSeconds('ann'), 2);
    backoff.refund('ann');
    assert.equal(backoff.waitSeconds('ann'), 0);
    backoff.charge('ann');
    assert.equal(backoff.waitSeconds('ann'), 2);
  });

  test('starts again after a success', () => {
    const backoff = new AttemptLimiter(() => 0);
    failTimes(backoff, 'ann', 9);
    backoff.reset('ann');
    failTimes(backoff, 'ann', 5);
    assert.equal(backoff.waitSeconds('ann'), 0);
  });

  test('starts again after an hour without a failure, however many attempts were refused', () => {
    let now = 0;
    const backoff = new AttemptLimiter(() => now);
    failTimes(backoff, 'ann', 9);
    now = HOUR_MS - 1;
    assert.equal(backoff.waitSeconds('ann'), 0);
    backoff.charge('ann');
    assert.equal(backoff.waitSeconds('ann'), 32);
    now += HOUR_MS;
    failTimes(backoff, 'ann', 5);
    assert.equal(backoff.waitSeconds('ann'), 0);
  });

  test('evicts the least recently used of more than 10,000 keys', () => {
    const backoff = new AttemptLimiter(() => 0);
    failTimes(backoff, 'first', 9);
    failTimes(backoff, 'second', 9);
    for (let n = 0; n < 9_998; n += 1) backoff.charge(`${n}`);
    assert.equal(backoff.waitSeconds('first'), 16);
    backoff.charge('one more');
    assert.equal(backoff.waitSeconds('second'), 0, 'it was the one unused for longest');
    assert.equal(backoff.waitSeconds('first'), 16);
  });
});
