import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SendLimits, type Verdict } from '../../server/limits/send-limits.ts';

const HOME = '192.0.2.1';

/** Sends so often. Gives how often there was each verdict. */
function send(limits: SendLimits, uid: string | undefined, times: number, address = HOME) {
  const counts: Partial<Record<Verdict, number>> = {};
  for (let n = 0; n < times; n += 1) {
    const verdict = limits.take({ uid, address });
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

suite('What is sent', () => {
  test('by one user is 20 at once and 5 a second, wherever it comes from', () => {
    let now = 0;
    const limits = new SendLimits(true, () => now);
    assert.deepEqual(send(limits, 'ann', 15), { taken: 15 });
    assert.deepEqual(send(limits, 'ann', 15, '192.0.2.2'), { taken: 5, user: 10 });
    now = 1_000;
    assert.deepEqual(send(limits, 'ann', 6), { taken: 5, user: 1 });
    assert.deepEqual(send(limits, 'bob', 20), { taken: 20 });
  });

  test('is a flood where a user has sent 50 too much, and one more each second', () => {
    let now = 0;
    const limits = new SendLimits(true, () => now);
    assert.deepEqual(send(limits, 'ann', 73), { taken: 20, user: 50, flood: 3 });
    now = 1_000;
    assert.deepEqual(send(limits, 'ann', 8), { taken: 5, user: 1, flood: 2 });
    assert.deepEqual(send(limits, 'bob', 21), { taken: 20, user: 1 });
  });

  test('by all at an address is 400 at once and 100 a second', () => {
    let now = 0;
    const limits = new SendLimits(true, () => now);
    const all = (times: number) =>
      Array.from({ length: 21 }, (_, n) => send(limits, `user ${n}`, times));
    assert.deepEqual(all(20), [...Array(20).fill({ taken: 20 }), { address: 20 }]);
    assert.deepEqual(send(limits, 'a traveller', 20, '192.0.2.2'), { taken: 20 });
    now = 1_000;
    assert.deepEqual(all(5), [...Array(20).fill({ taken: 5 }), { address: 5 }]);
    assert.deepEqual(send(limits, undefined, 1), { address: 1 });
  });

  test('by one user in vain leaves the others at the address all they may send', () => {
    const limits = new SendLimits(true, () => 0);
    send(limits, 'ann', 1_000);
    const others = Array.from({ length: 19 }, (_, n) => send(limits, `user ${n}`, 20));
    assert.deepEqual(others, Array(19).fill({ taken: 20 }));
  });

  test('by nobody in particular counts for the address alone', () => {
    const limits = new SendLimits(true, () => 0);
    assert.deepEqual(send(limits, undefined, 401), { taken: 400, address: 1 });
  });

  test('is not counted without limits', () => {
    assert.deepEqual(send(new SendLimits(false), 'ann', 1_000), { taken: 1_000 });
  });
});
