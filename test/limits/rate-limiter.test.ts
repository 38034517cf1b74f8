import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  AddressRateLimiter,
  KeyedRateLimiter,
  NO_LIMIT,
  TokenBucket,
} from '../../server/limits/rate-limiter.ts';

test('The rate limiter allows a burst at once, and then a number per second.', () => {
  let now = 0;
  const limiter = new TokenBucket({ burst: 3, perSecond: 2 }, () => now);
  const take = (count: number) => Array.from({ length: count }, () => limiter.take());
  assert.deepEqual(take(4), [true, true, true, false]);
  now = 499;
  assert.deepEqual(take(1), [false]);
  now = 500;
  assert.deepEqual(take(2), [true, false]);
  now = 1_000_000;
  assert.deepEqual(take(4), [true, true, true, false], 'unused tokens do not accumulate');
});

const ONCE = { burst: 1, perSecond: 0 } as const;

test('The rate limiter evicts the least recently used of more than 10,000 keys, and no other.', () => {
  const limits = new KeyedRateLimiter(ONCE, () => 0);
  for (const key of ['first', 'second']) assert.ok(limits.take(key));
  for (let n = 0; n < 9_998; n += 1) assert.ok(limits.take(`${n}`));
  assert.equal(limits.take('first'), false, 'none of 10,000 is evicted');
  assert.ok(limits.take('one more'));
  assert.ok(limits.take('second'), 'it was the least recently used');
  assert.equal(limits.take('first'), false);
});

suite('A token bucket that is charged', () => {
  const RATE = { burst: 3, perSecond: 1 / 10 } as const;

  test('goes into debt beyond its burst, and returns the time until it is paid', () => {
    let now = 0;
    const limits = new KeyedRateLimiter(RATE, () => now);
    const waits = Array.from({ length: 4 }, () => {
      const before = limits.waitSeconds('ann');
      limits.charge('ann');
      return before;
    });
    assert.deepEqual(waits, [0, 0, 0, 10]);
    assert.equal(limits.waitSeconds('ann'), 20);
    assert.equal(limits.take('ann'), false);
    assert.equal(limits.waitSeconds('bob'), 0);
    now = 19_001;
    assert.equal(limits.waitSeconds('ann'), 1);
    now = 20_000;
    assert.equal(limits.waitSeconds('ann'), 0);
    now = 1_000_000;
    for (let n = 0; n < 3; n += 1) limits.charge('ann');
    assert.equal(limits.waitSeconds('ann'), 10, 'unused tokens do not accumulate');
  });

  test('is refunded a token, and never has more than its burst', () => {
    const limits = new KeyedRateLimiter(RATE, () => 0);
    limits.refund('ann');
    for (let n = 0; n < 3; n += 1) limits.charge('ann');
    limits.refund('ann');
    assert.equal(limits.waitSeconds('ann'), 0);
    limits.charge('ann');
    assert.equal(limits.waitSeconds('ann'), 10);
    for (let n = 0; n < 9; n += 1) limits.refund('ann');
    for (let n = 0; n < 3; n += 1) limits.charge('ann');
    assert.equal(limits.waitSeconds('ann'), 10);
  });

  test('returns whether it has a token if it is never refilled', () => {
    const limits = new KeyedRateLimiter(ONCE, () => 0);
    assert.equal(limits.waitSeconds('ann'), 0);
    limits.charge('ann');
    assert.equal(limits.waitSeconds('ann'), Number.POSITIVE_INFINITY);
    limits.refund('ann');
    assert.equal(limits.waitSeconds('ann'), 0);
  });
});

suite('Rate limits by address', () => {
  const site = (n: number) => `2001:db8:0:${n.toString(16)}::/64`;

  test('allow an IPv6 site eight times as much as one of its addresses, and no more', () => {
    const limits = new AddressRateLimiter(ONCE, () => 0);
    for (let n = 0; n < 8; n += 1) {
      assert.ok(limits.take(site(n)));
      assert.equal(limits.take(site(n)), false, 'refusals of an address do not count for its site');
    }
    assert.equal(limits.take(site(8)), false);
    for (const other of ['2001:db8:1::/64', '::/64', '192.0.2.1', '192.0.2.2', '']) {
      assert.ok(limits.take(other), other);
    }
  });

  test('allow everything without limits', () => {
    const limits = new AddressRateLimiter(NO_LIMIT);
    for (let n = 0; n < 100; n += 1) assert.ok(limits.take(site(1)));
  });
});
