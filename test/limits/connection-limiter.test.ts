import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ChatError } from '../../server/core/errors.ts';
import { ConnectionLimiter } from '../../server/limits/connection-limiter.ts';

const SECOND_MS = 1_000;

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'in';
  } catch (error) {
    assert.ok(error instanceof ChatError && error.status === 429 && error.retryAfterSeconds);
    return error.code;
  }
}

suite('The connection limiter', () => {
  test('allows an address 3,000 new connections at once, and then 100 a second', () => {
    let now = 0;
    const limiter = new ConnectionLimiter(true, () => now);
    for (let n = 0; n < 3_000; n += 1) limiter.acquire('ann')();
    assert.equal(
      codeOf(() => limiter.acquire('ann')),
      'rate-limited',
    );
    limiter.acquire('bob');
    now = SECOND_MS;
    for (let n = 0; n < 100; n += 1) limiter.acquire('ann')();
    assert.equal(
      codeOf(() => limiter.acquire('ann')),
      'rate-limited',
    );
  });

  test('allows an address 4,000 open connections, and one more when one has closed', () => {
    let now = 0;
    const limiter = new ConnectionLimiter(true, () => now);
    const leave = Array.from({ length: 4_000 }, () => {
      now += SECOND_MS;
      return limiter.acquire('ann');
    });
    assert.equal(
      codeOf(() => limiter.acquire('ann')),
      'too-many-connections',
    );
    limiter.acquire('bob');
    leave[0]?.();
    assert.equal(
      codeOf(() => limiter.acquire('ann')),
      'in',
    );
    assert.equal(
      codeOf(() => limiter.acquire('ann')),
      'too-many-connections',
    );
  });

  test('allows eight times as many open connections to an IPv6 site', () => {
    let now = 0;
    const limiter = new ConnectionLimiter(true, () => now);
    const leave = Array.from({ length: 32_000 }, (_, n) => {
      now += SECOND_MS;
      return limiter.acquire(`2001:db8:0:${(n % 8).toString(16)}::/64`);
    });
    const next = '2001:db8:0:8::/64';
    assert.equal(
      codeOf(() => limiter.acquire(next)),
      'too-many-connections',
    );
    limiter.acquire('2001:db8:1::/64');
    leave[0]?.();
    assert.equal(
      codeOf(() => limiter.acquire(next)),
      'in',
    );
  });

  test('allows everything without limits', () => {
    const limiter = new ConnectionLimiter(false, () => 0);
    for (let n = 0; n < 5_000; n += 1) limiter.acquire('ann');
  });
});
