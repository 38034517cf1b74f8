import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SendLimits, type Verdict } from '../../server/limits/send-limits.ts';

const HOME = '192.0.2.1';

/** Sends this often. Returns how often there was each verdict. */
function send(limits: SendLimits, uid: string | undefined, times: number, address = HOME) {
  const counts: Partial<Record<Verdict, number>> = {};
  for (let n = 0; n < times; n += 1) {
    const verdict = limits.take({ uid, address });
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

suite('The send limit', () => {
  test('of one user is 20 at once and 5 a second, over all connections', () => {
    let now = 0;
    const limits = new SendLimits(true, () => now);
    assert.deepEqual(send(limits, 'ann', 15), { taken: 15 });
    assert.deepEqual(send(limits, 'ann', 15, '192.0.2.2'), { taken: 5, user: 10 });
    now = 1_000;
    assert.deepEqual(send(limits, 'ann', 6), { taken: 5, user: 1 });
    assert.deepEqual(send(limits, 'bob', 20), { taken: 20 });
  });

  test('disconnects a user who has sent 50 too many, and with one more each second', () => {
    let now = 0;
    const limits = new SendLimits(true, () => now);
    assert.deepEqual(send(limits, 'ann', 73), { taken: 20, user: 50, flood: 3 });
    now = 1_000;
    assert.deepEqual(send(limits, 'ann', 8), { taken: 5, user: 1, flood: 2 });
    assert.deepEqual(send(limits, 'bob', 21), { taken: 20, user: 1 });
  });

  test('of an address is 400 at once and 100 a second', () => {
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

  test('of an address is not used up by what is refused to one user', () => {
    const limits = new SendLimits(true, () => 0);
    send(limits, 'ann', 1_000);
    const others = Array.from({ length: 19 }, (_, n) => send(limits, `user ${n}`, 20));
    assert.deepEqual(others, Array(19).fill({ taken: 20 }));
  });

  test('of an address counts requests without a user, too', () => {
    const limits = new SendLimits(true, () => 0);
    assert.deepEqual(send(limits, undefined, 401), { taken: 400, address: 1 });
  });

  test('counts nothing without limits', () => {
    assert.deepEqual(send(new SendLimits(false), 'ann', 1_000), { taken: 1_000 });
  });
});
