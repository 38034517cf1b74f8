import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { withTimeout } from '../../server/core/with-timeout.ts';

const MS = 1_000;

suite('An answer with a timeout', () => {
  test('is what comes in time, and leaves no timer', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let isLate = false;
    const late = () => {
      isLate = true;
    };
    assert.equal(await withTimeout(Promise.resolve(1), MS, late), 1);
    await assert.rejects(withTimeout(Promise.reject(new Error('failed')), MS, late), /failed/);
    t.mock.timers.tick(MS);
    await turn();
    assert.equal(isLate, false);
  });

  test('is what is there for one that is late, or its error; what comes then is ignored', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const answer = Promise.withResolvers<number>();
    const value = withTimeout(answer.promise, MS, () => 'late');
    const error = withTimeout(answer.promise, MS, () => {
      throw new Error('late');
    });
    t.mock.timers.tick(MS);
    assert.equal(await value, 'late');
    await assert.rejects(error, /late/);
    answer.reject(new Error('nobody waits for it'));
    await turn();
  });
});
