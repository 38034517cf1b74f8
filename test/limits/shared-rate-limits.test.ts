import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressRateLimiter } from '../../server/limits/rate-limiter.ts';
import { sharedRateLimits } from '../../server/limits/shared-rate-limits.ts';
import { MemoryNet } from '../support/memory-bus.ts';

const RATE = { burst: 4, perSecond: 1 };
const ADDRESS = '192.0.2.1';

/** The limits of some nodes, with a clock that stands still. */
function open(count: number) {
  const net = new MemoryNet();
  const nodes = Array.from({ length: count }, () => {
    const limiters = {
      searches: new AddressRateLimiter(RATE, () => 0),
      files: new AddressRateLimiter(RATE, () => 0),
    };
    return sharedRateLimits(limiters, net.join());
  });
  return { net, nodes };
}

test('A rate limit that nodes share admits on all of them together what it admits on one.', () => {
  const { nodes } = open(3);
  const admitted = Array.from({ length: 12 }, (_, n) => nodes[n % 3]?.searches.take(ADDRESS));
  assert.deepEqual(admitted, [...Array(4).fill(true), ...Array(8).fill(false)]);
  assert.equal(nodes[0]?.searches.take('192.0.2.2'), true, 'another address has its own');
  assert.equal(nodes[0]?.files.take(ADDRESS), true, 'and so has another limit');
});

test('What one node puts back can be taken on another.', () => {
  const { nodes } = open(2);
  for (let n = 0; n < 4; n += 1) assert.equal(nodes[0]?.files.take(ADDRESS), true);
  assert.equal(nodes[1]?.files.take(ADDRESS), false);
  nodes[0]?.files.refund(ADDRESS);
  assert.equal(nodes[1]?.files.take(ADDRESS), true);
  assert.equal(nodes[0]?.files.take(ADDRESS), false);
});

test('What is no change of a known limit changes nothing.', () => {
  const { net, nodes } = open(1);
  const other = net.join();
  const wrong = [
    ...[null, 'charge', {}, { limit: 'files', change: 'charge' }],
    { limit: 'unknown', change: 'charge', address: ADDRESS },
    { limit: 'files', change: 'take', address: ADDRESS },
    { limit: 'files', change: 'charge', address: '' },
    { limit: 'files', change: 'charge', address: 'x'.repeat(101) },
    { limit: 'constructor', change: 'charge', address: ADDRESS },
  ];
  for (const body of wrong) other.tell('rate-limits', body);
  for (let n = 0; n < 4; n += 1) assert.equal(nodes[0]?.files.take(ADDRESS), true);
});
